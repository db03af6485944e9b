namespace Faas.Actors.Pool;

/// <summary>
/// Keeps a runtime that cannot start from being started over and over: each failure in a row doubles the pause before
/// the next *spare*, from 100 ms to 5 s. A waiting call is never held up by it.
/// </summary>
internal sealed class StartBackoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private TimeSpan _pause;

    /// <summary>The earliest time for the next spare.</summary>
    public TimeSpan RetryAt { get; private set; } = TimeSpan.MinValue;

    /// <summary>A sandbox did not become ready, or died before anyone used it.</summary>
    public void Failed(TimeSpan now)
    {
        _pause = _pause == TimeSpan.Zero ? s_first : _pause * 2 < s_longest ? _pause * 2 : s_longest;
        RetryAt = now + _pause;
    }

    /// <summary>A sandbox lived until it was used.</summary>
    public void Succeeded() => (_pause, RetryAt) = (TimeSpan.Zero, TimeSpan.MinValue);
}
