using Faas.Actors.Configuration;
using Faas.Actors.Runs;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary><c>faas.sandbox</c> of hocon/faas.conf, which documents each value.</summary>
public sealed record SandboxOptions(
    TimeSpan Timeout,
    long MemoryBytes,
    double Cpus,
    int Pids,
    long TmpBytes,
    long OutputLimit,
    long ResultLimit,
    TimeSpan StartTimeout,
    LimitsDriver Limits,
    LaunchMode Launch,
    MotherOptions Mothers,
    long FirstUid,
    string Bubblewrap,
    string Python,
    string Node,
    string Esbuild,
    string RuntimesDir)
{
    /// <summary>The <see cref="FirstUid"/> of settings that name no host user ids: the server finds free ones.</summary>
    public const long AnyUid = 0;

    /// <summary>Whether sandboxes may run without limits on a machine where no driver works.</summary>
    public bool AllowUnlimited => Limits == LimitsDriver.Unlimited;

    /// <summary>The same for the runs of an author who has chosen other values for some; null: for none.</summary>
    public SandboxOptions With(RunSettings? chosen) => chosen is null ? this : this with { Timeout = chosen.Timeout ?? Timeout };

    /// <summary>Reads and checks the section. Throws <see cref="SettingException"/>.</summary>
    public static SandboxOptions From(Settings settings)
    {
        return new SandboxOptions(
            settings.Duration("faas.sandbox.timeout", TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(24)),
            settings.Size("faas.sandbox.memory", 32L << 20, 1L << 40),
            settings.Number("faas.sandbox.cpus", 0.01, 1024),
            settings.Int("faas.sandbox.pids", 8, 32768),
            settings.Size("faas.sandbox.tmp-size", 64L << 10, 64L << 30),
            settings.Size("faas.sandbox.output-limit", 1L << 10, 1L << 30),
            settings.Size("faas.sandbox.result-limit", 1L << 10, 64L << 20),
            settings.Duration("faas.sandbox.start-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            settings.OneOf<LimitsDriver>("faas.sandbox.limits"),
            settings.OneOf<LaunchMode>("faas.sandbox.launch"),
            MotherOptions.From(settings),
            FirstUidOf(settings),
            settings.Name("faas.sandbox.bubblewrap"),
            settings.Name("faas.sandbox.python"),
            settings.Text("faas.sandbox.node"),
            settings.Text("faas.sandbox.esbuild"),
            settings.Text("faas.sandbox.runtimes-dir"));
    }

    // bubblewrap reads an id as a signed 32-bit number.
    private static long FirstUidOf(Settings settings) =>
        settings.Text("faas.sandbox.first-uid") == "auto" ? AnyUid : settings.Long("faas.sandbox.first-uid", 1000, 2_147_000_000);
}
