namespace Faas.Bench.Load;

/// <summary>What one uninterrupted piece of load came to.</summary>
/// <param name="Latency">Of the calls that were answered rightly.</param>
/// <param name="Elapsed">From the first call's start to the last one's end.</param>
/// <param name="Errors">Calls that failed.</param>
/// <param name="FirstError">How the first of them failed.</param>
internal sealed record Slice(Durations Latency, TimeSpan Elapsed, long Errors, string? FirstError)
{
    /// <summary>Right answers a second.</summary>
    public double PerSecond => Latency.Count / Elapsed.TotalSeconds;
}
