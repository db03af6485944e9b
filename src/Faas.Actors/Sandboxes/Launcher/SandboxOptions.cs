using Faas.Actors.Configuration;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Scripts;

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

    /// <summary>The most that a version's settings may ask for.</summary>
    public SettingCeilings Ceilings { get; init; } = SettingCeilings.Shipped;

    /// <summary>The images with libraries that sandboxes may be of.</summary>
    public LibraryImages Images { get; init; } = LibraryImages.None;

    /// <summary>
    /// The certificate in PEM of the authority that signs for the proxy where that ends TLS, and that sandboxes trust; null: it does not.
    /// </summary>
    public string? Authority { get; init; }

    /// <summary>What one run may give back in <c>/tmp/out</c>.</summary>
    public OutLimits Out { get; init; } = new(100, 16 << 20);

    /// <summary>What the kernel limits by the sandbox's cgroup.</summary>
    public SandboxLimits KernelLimits => new(MemoryBytes, Cpus, Pids);

    /// <summary>The most processes that any sandbox may have.</summary>
    public int MostPids => Math.Max(Pids, Ceilings.Pids);

    /// <summary>The largest /tmp that any sandbox may have.</summary>
    public long MostTmpBytes => Math.Max(TmpBytes, Ceilings.TmpBytes);

    /// <summary>What a version gets that says nothing, as far as its settings could say something else.</summary>
    public SettingCeilings Defaults =>
        new() { Timeout = Timeout, MemoryBytes = MemoryBytes, Cpus = Cpus, Pids = Pids, TmpBytes = TmpBytes };

    /// <summary>The same for the runs of an author who has chosen other values for some; null: for none.</summary>
    public SandboxOptions With(RunSettings? chosen) => chosen is null ? this : this with
    {
        Timeout = chosen.Timeout ?? Timeout,
        MemoryBytes = chosen.MemoryBytes ?? MemoryBytes,
        Cpus = chosen.Cpus ?? Cpus,
        Pids = chosen.Pids ?? Pids,
        TmpBytes = chosen.TmpBytes ?? TmpBytes,
    };

    /// <summary>Reads and checks the section. Throws <see cref="SettingException"/>.</summary>
    public static SandboxOptions From(Settings settings)
    {
        return new SandboxOptions(
            settings.Duration("faas.sandbox.timeout", SettingCeilings.LeastTimeout, SettingCeilings.HighestTimeout),
            settings.Size("faas.sandbox.memory", SettingCeilings.LeastMemoryBytes, SettingCeilings.HighestMemoryBytes),
            settings.Number("faas.sandbox.cpus", SettingCeilings.LeastCpus, SettingCeilings.HighestCpus),
            settings.Int("faas.sandbox.pids", SettingCeilings.LeastPids, SettingCeilings.HighestPids),
            settings.Size("faas.sandbox.tmp-size", SettingCeilings.LeastTmpBytes, SettingCeilings.HighestTmpBytes),
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
            settings.Text("faas.sandbox.runtimes-dir"))
        {
            Ceilings = SettingCeilings.From(settings),
            Images = LibraryImages.From(settings),
            Out = new OutLimits(settings.Int("faas.sandbox.out-files", 0, 1000), settings.Size("faas.sandbox.out-limit", 0, 64L << 20)),
        };
    }

    // bubblewrap reads an id as a signed 32-bit number.
    private static long FirstUidOf(Settings settings) =>
        settings.Text("faas.sandbox.first-uid") == "auto" ? AnyUid : settings.Long("faas.sandbox.first-uid", 1000, 2_147_000_000);
}
