namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Lets the run that has taken a spare get on before another spare is started.
/// <para>
/// Theory of operation. When a run takes a spare, the pool knows at once that it lacks one, but the run has not begun yet,
/// and a start takes more processor time than most runs. So the spare is not replaced before that run is over, or has had
/// <see cref="Length"/>. Runs that take more spares meanwhile do not prolong the head start. No promise is ever held back by it.
/// </para>
/// </summary>
internal sealed class HeadStart
{
    /// <summary>How long the run that has taken a spare is left alone.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(50);

    private PooledRun? _run;

    /// <summary>When spares may be started again.</summary>
    public TimeSpan EndsAt => _run is { } run ? run.Dispatched + Length : TimeSpan.MinValue;

    /// <summary>A run has taken a spare.</summary>
    public void Begin(PooledRun run) => _run ??= run;

    /// <summary>A run is over.</summary>
    public void RunEnded(PooledRun run) => _run = _run == run ? null : _run;

    /// <summary>Ends the head start if its time has passed; false: it goes on.</summary>
    public bool TryEnd(TimeSpan now)
    {
        if (EndsAt > now)
        {
            return false;
        }

        _run = null;
        return true;
    }
}
