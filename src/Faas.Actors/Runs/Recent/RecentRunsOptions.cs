using Faas.Actors.Configuration;

namespace Faas.Actors.Runs.Recent;

/// <summary><c>faas.runs.recent</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Count">The most ended runs that are kept; 0: nothing is noted of any run.</param>
/// <param name="MaxAge">How long after its end a run is kept.</param>
/// <param name="LogBytes">The most bytes of output of one run; 0: none.</param>
/// <param name="LogMemory">The most bytes of output of all runs together.</param>
/// <param name="Scripts">The most scripts whose runs are counted by the minute.</param>
public sealed record RecentRunsOptions(int Count, TimeSpan MaxAge, int LogBytes, long LogMemory, int Scripts)
{
    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static RecentRunsOptions From(Settings settings) => new(
        settings.Int("faas.runs.recent.count", 0, 100_000),
        settings.Duration("faas.runs.recent.max-age", TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
        (int)settings.Size("faas.runs.recent.log-size", 0, 64 << 10),
        settings.Size("faas.runs.recent.log-memory", 0, 16L << 30),
        settings.Int("faas.runs.recent.scripts", 0, 10_000));
}
