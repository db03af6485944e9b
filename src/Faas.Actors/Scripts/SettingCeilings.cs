using Faas.Actors.Configuration;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Scripts;

/// <summary>
/// The most that a version and its settings may ask for: <c>faas.scripts.max-…</c> of hocon/faas.conf, which documents each value. The
/// constants are the ends of the range in which an operator may choose, and the least that a version may ask for.
/// </summary>
public sealed record SettingCeilings
{
    /// <summary>The key of <see cref="Timeout"/>.</summary>
    public const string TimeoutKey = "faas.scripts.max-timeout";

    /// <summary>The key of <see cref="MemoryBytes"/>.</summary>
    public const string MemoryKey = "faas.scripts.max-memory";

    /// <summary>The key of <see cref="Cpus"/>.</summary>
    public const string CpusKey = "faas.scripts.max-cpus";

    /// <summary>The key of <see cref="Pids"/>.</summary>
    public const string PidsKey = "faas.scripts.max-pids";

    /// <summary>The key of <see cref="TmpBytes"/>.</summary>
    public const string TmpKey = "faas.scripts.max-tmp-size";

    /// <summary>The key of <see cref="MinWarm"/>.</summary>
    public const string MinWarmKey = "faas.scripts.max-min-warm";

    /// <summary>The key of <see cref="SourceFiles"/>.</summary>
    public const string SourceFilesKey = SourceTree.MaxFilesKey;

    /// <summary>The most files of a tree on any server.</summary>
    public const int HighestSourceFiles = 10_000;

    /// <summary>The least memory of a sandbox: what a runtime needs.</summary>
    public const long LeastMemoryBytes = 32L << 20;

    /// <summary>The most memory of a sandbox on any server.</summary>
    public const long HighestMemoryBytes = 1L << 40;

    /// <summary>The fewest processors of a sandbox.</summary>
    public const double LeastCpus = 0.01;

    /// <summary>The most processors of a sandbox on any server.</summary>
    public const double HighestCpus = 1024;

    /// <summary>The fewest processes and threads of a sandbox: what a runtime needs.</summary>
    public const int LeastPids = 8;

    /// <summary>The most processes and threads of a sandbox on any server.</summary>
    public const int HighestPids = 32_768;

    /// <summary>The smallest /tmp.</summary>
    public const long LeastTmpBytes = 64L << 10;

    /// <summary>The largest /tmp on any server.</summary>
    public const long HighestTmpBytes = 64L << 30;

    /// <summary>The most sandboxes that stay bound to a version on any server.</summary>
    public const int HighestMinWarm = 1000;

    /// <summary>Those of the shipped settings.</summary>
    public static SettingCeilings Shipped { get; } = new();

    /// <summary>The shortest time that a run may have.</summary>
    public static TimeSpan LeastTimeout { get; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest time that a run may have on any server.</summary>
    public static TimeSpan HighestTimeout { get; } = TimeSpan.FromHours(24);

    /// <summary>The longest time that a run may have.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The most memory of a sandbox.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>The most processors of a sandbox.</summary>
    public double Cpus { get; init; } = 4;

    /// <summary>The most processes and threads of a sandbox.</summary>
    public int Pids { get; init; } = 256;

    /// <summary>The largest /tmp.</summary>
    public long TmpBytes { get; init; } = 256L << 20;

    /// <summary>The most sandboxes that stay bound to a version.</summary>
    public int MinWarm { get; init; } = 4;

    /// <summary>The most files of a tree.</summary>
    public int SourceFiles { get; init; } = 500;

    /// <summary>Reads and checks the keys; throws <see cref="SettingException"/>.</summary>
    public static SettingCeilings From(Settings settings) => new()
    {
        Timeout = settings.Duration(TimeoutKey, LeastTimeout, HighestTimeout),
        MemoryBytes = settings.Size(MemoryKey, LeastMemoryBytes, HighestMemoryBytes),
        Cpus = settings.Number(CpusKey, LeastCpus, HighestCpus),
        Pids = settings.Int(PidsKey, LeastPids, HighestPids),
        TmpBytes = settings.Size(TmpKey, LeastTmpBytes, HighestTmpBytes),
        MinWarm = settings.Int(MinWarmKey, 0, HighestMinWarm),
        SourceFiles = settings.Int(SourceFilesKey, 1, HighestSourceFiles),
    };

    /// <summary>The same, but none below what a version without settings gets: an author may always ask for that.</summary>
    /// <param name="defaults">What a version without settings gets.</param>
    public SettingCeilings NotBelow(SettingCeilings defaults) => new()
    {
        Timeout = defaults.Timeout > Timeout ? defaults.Timeout : Timeout,
        MemoryBytes = Math.Max(defaults.MemoryBytes, MemoryBytes),
        Cpus = Math.Max(defaults.Cpus, Cpus),
        Pids = Math.Max(defaults.Pids, Pids),
        TmpBytes = Math.Max(defaults.TmpBytes, TmpBytes),
        MinWarm = MinWarm,
        SourceFiles = SourceFiles,
    };
}
