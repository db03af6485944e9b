using Faas.Actors.Configuration;

namespace Faas.Actors.Runs.Kept;

/// <summary><c>faas.runs.kept</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Enabled">Whether this server takes and executes asynchronous runs.</param>
/// <param name="Concurrency">The most that it executes at once.</param>
/// <param name="Queue">The most runs that may wait.</param>
/// <param name="QueuePerPath">The most runs of one script that may wait.</param>
/// <param name="InputBytes">The longest input.</param>
/// <param name="ResultBytes">The longest value that is kept.</param>
/// <param name="LogBytes">The most bytes of output of one run, as <see cref="KeptTail.BytesOf"/> counts them; 0: none.</param>
/// <param name="Count">The most ended runs that are kept.</param>
/// <param name="MaxAge">How long after its end a run is kept.</param>
/// <param name="StoreBytes">The most bytes of the ended runs, and of those under way.</param>
/// <param name="ChainDepth">The most runs that may follow the first one of a chain, one after the other.</param>
/// <param name="PendingBytes">The most bytes of records that this server holds in memory until they are written.</param>
/// <param name="Readers">The most clients that follow the events of a run, or of a batch, at once, at this server.</param>
/// <param name="Batch">The most inputs of a batch.</param>
public sealed record KeptRunsOptions(
    bool Enabled,
    int Concurrency,
    int Queue,
    int QueuePerPath,
    int InputBytes,
    int ResultBytes,
    int LogBytes,
    int Count,
    TimeSpan MaxAge,
    long StoreBytes,
    int ChainDepth,
    long PendingBytes,
    int Readers,
    int Batch)
{
    /// <summary>The key of <see cref="ChainDepth"/>.</summary>
    public const string ChainDepthKey = $"{Section}.chain-depth";

    /// <summary>The longest chain on any server.</summary>
    public const int HighestChainDepth = 100;

    private const string Section = "faas.runs.kept";

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    /// <param name="settings">Every setting.</param>
    /// <param name="permits">The runs that the pool executes at once.</param>
    public static KeptRunsOptions From(Settings settings, int permits) => new(
        settings.OneOf($"{Section}.enabled", "true", "false") == "true",
        settings.Int($"{Section}.concurrency", 0, 1000) is > 0 and var concurrency ? concurrency : Math.Max(1, permits / 2),
        settings.Int($"{Section}.queue", 1, 10_000_000),
        settings.Int($"{Section}.queue-per-path", 1, 10_000_000),
        (int)settings.Size($"{Section}.input-size", 2, Run.MaxInputBytes),
        (int)settings.Size($"{Section}.result-size", 0, 64 << 20),
        (int)settings.Size($"{Section}.log-size", 0, 1 << 20),
        settings.Int($"{Section}.count", 1, 1_000_000),
        settings.Duration($"{Section}.max-age", TimeSpan.FromSeconds(1), TimeSpan.FromHours(8760)),
        settings.Size($"{Section}.max-size", 64 << 10, 1L << 40),
        settings.Int(ChainDepthKey, 1, HighestChainDepth),
        settings.Size($"{Section}.pending-size", 64 << 10, 16L << 30),
        settings.Int($"{Section}.readers", 1, 100_000),
        settings.Int($"{Section}.batch", 1, 10_000));
}
