namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Keeps an image that cannot start from being started over and over. Each failure in a row doubles the pause before the
/// next *spare*, from 100 to 800 ms, so a cause that was mended is noticed within a second. No waiting run is held up by it.
/// </summary>
internal sealed class StartBackoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(800);

    private TimeSpan _pause;

    /// <summary>The earliest time for the next spare.</summary>
    public TimeSpan RetryAt { get; private set; } = TimeSpan.MinValue;

    /// <summary>Starts that have failed since the last one that worked.</summary>
    public int FailedStarts { get; private set; }

    /// <summary>Why the last of them failed; null: the last start worked.</summary>
    public string? Why { get; private set; }

    /// <summary>A sandbox did not become ready.</summary>
    public void StartFailed(string why, TimeSpan now)
    {
        (FailedStarts, Why) = (FailedStarts + 1, why);
        Pause(now);
    }

    /// <summary>A sandbox has become ready.</summary>
    public void Started() => (FailedStarts, Why) = (0, null);

    /// <summary>A spare died before it was used.</summary>
    public void DiedUnused(TimeSpan now) => Pause(now);

    /// <summary>A new sandbox lived until it was used.</summary>
    public void Succeeded() => (_pause, RetryAt) = (TimeSpan.Zero, TimeSpan.MinValue);

    private void Pause(TimeSpan now)
    {
        _pause = _pause == TimeSpan.Zero ? s_first : _pause * 2 < s_longest ? _pause * 2 : s_longest;
        RetryAt = now + _pause;
    }
}
