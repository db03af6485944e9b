namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Says what keeping an idle sandbox is worth, so that the one that is worth least is closed first.
/// <para>
/// Theory of operation. GreedyDual-Size-Frequency: worth = clock + √uses × price of a start ÷ memory. The clock is the highest
/// worth at which a sandbox was closed, and a sandbox is valued when it becomes idle. So one that was not used since falls
/// behind those that were: that is its age, and no time is needed for it. A sandbox that has served much, is dear to start
/// or holds little memory lasts longer. The original has the uses themselves in the place of their root; then a script that was
/// called much once stays too long, and where calls come in bursts, that is worse than closing the least recently used one.
/// Sources: L. Cherkasova, "Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency Caching Policy", HP Labs 98-69R1;
/// A. Fuerst, P. Sharma, "FaasCache: Keeping Serverless Computing Alive with Greedy-Dual Caching", ASPLOS 2021.
/// </para>
/// </summary>
internal sealed class GreedyDual
{
    /// <summary>What a sandbox is taken to hold where the kernel does not say.</summary>
    public const long UnknownBytes = 16 << 20;

    // The least that is believed.
    private const long LeastBytes = 1 << 20;
    private static readonly TimeSpan s_leastStart = TimeSpan.FromMilliseconds(1);

    private double _clock;

    /// <summary>What keeping a sandbox is worth.</summary>
    /// <param name="uses">How many runs it has served.</param>
    /// <param name="start">The price of a start.</param>
    /// <param name="bytes">The memory that it holds; 0: not known.</param>
    public double WorthOf(long uses, TimeSpan start, long bytes) =>
        _clock + (Math.Sqrt(uses)
            * Math.Max(start.TotalSeconds, s_leastStart.TotalSeconds)
            * UnknownBytes
            / Math.Max(bytes > 0 ? bytes : UnknownBytes, LeastBytes));

    /// <summary>A sandbox of this worth was closed to make room.</summary>
    public void Closed(double worth) => _clock = Math.Max(_clock, worth);
}
