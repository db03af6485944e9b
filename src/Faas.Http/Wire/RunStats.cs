namespace Faas.Http.Wire;

/// <summary>What a run cost.</summary>
/// <remarks>In the shape that <see cref="StatsJson"/> writes; the API's description is made from it.</remarks>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="MaxRssBytes">The most memory that it held.</param>
/// <param name="WallSeconds">Time by the clock.</param>
public sealed record RunStats(double CpuSeconds, long MaxRssBytes, double WallSeconds);
