using Faas.Bench.Load;

namespace Faas.Bench.Tests.Rounds;

/// <summary>Slices made by hand.</summary>
internal static class Slices
{
    /// <summary>So many calls, all of one duration.</summary>
    public static Slice Of(int calls, double seconds, double milliseconds = 1)
    {
        var latency = new Durations();
        for (var call = 0; call < calls; call++)
        {
            latency.Add(TimeSpan.FromMilliseconds(milliseconds));
        }

        return new Slice(latency, TimeSpan.FromSeconds(seconds), 0, null);
    }
}
