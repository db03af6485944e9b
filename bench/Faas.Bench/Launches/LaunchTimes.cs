namespace Faas.Bench.Launches;

/// <summary>Medians of starting, running <c>true</c> in and taking down one sandbox.</summary>
/// <param name="Pairs">How many of each.</param>
/// <param name="Plain">Plain bubblewrap.</param>
/// <param name="Hardened">The server's launch line, its cgroup included.</param>
/// <param name="Overhead">The difference between the two of a pair.</param>
internal sealed record LaunchTimes(int Pairs, TimeSpan Plain, TimeSpan Hardened, TimeSpan Overhead);
