namespace Faas.Bench.Load;

/// <summary>
/// Numbers drawn by Zipf's law with exponent 1, as calls spread over the functions of a platform: 0 comes twice as often as 1,
/// and three times as often as 2. Each sequence is the same. Safe from any thread.
/// </summary>
internal sealed class ZipfSequence
{
    private const int Seed = 13;
    private readonly Lock _gate = new();
    private readonly Random _random = new(Seed);
    private readonly double[] _sums;

    /// <summary>A sequence of numbers below <paramref name="count"/>.</summary>
    public ZipfSequence(int count)
    {
        var sum = 0.0;
        _sums = [.. Enumerable.Range(1, count).Select(rank => sum += 1.0 / rank)];
    }

    public int Next()
    {
        lock (_gate)
        {
            var found = Array.BinarySearch(_sums, _random.NextDouble() * _sums[^1]);
            return found < 0 ? ~found : found;
        }
    }
}
