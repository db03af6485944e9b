namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// How long the runs of one binding have waited for its sandboxes, all together, since it got the last of them.
/// <para>
/// Theory of operation. A single wait may be far shorter than a start, and still such waits cost more than a start in the
/// end, if they go on. So each wait that ends is added here. The sum is forgotten when the binding gets another sandbox, which
/// it has then paid for, and when no run has waited for <see cref="Quiet"/>.
/// </para>
/// </summary>
internal sealed class WaitDebt
{
    /// <summary>After how long without a wait the debt is forgotten: the crowd has gone.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private TimeSpan _sum;
    private TimeSpan _addedAt;

    /// <summary>A run has waited for one of the sandboxes and has got it.</summary>
    public void Add(TimeSpan wait, TimeSpan now) => (_sum, _addedAt) = (At(now) + wait, now);

    /// <summary>The binding has another sandbox.</summary>
    public void Clear() => _sum = TimeSpan.Zero;

    /// <summary>The debt at this time.</summary>
    public TimeSpan At(TimeSpan now) => now - _addedAt > Quiet ? TimeSpan.Zero : _sum;
}
