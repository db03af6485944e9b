using System.Diagnostics.CodeAnalysis;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>The runs that the pool has accepted and that have not ended, by id; and the replies that the pool itself gives.</summary>
internal sealed class OpenRuns(PoolBounds bounds, RunQueue queue, EffectList effects)
{
    private readonly Dictionary<string, PooledRun> _runs = [];
    private readonly RetrySchedule _retries = new(bounds);

    /// <summary>All of them, in no particular order.</summary>
    public IReadOnlyCollection<PooledRun> All => _runs.Values;

    /// <summary>When the run that has waited longest must be refused; null: no run waits.</summary>
    public TimeSpan? NextTimeout => queue.Oldest?.Arrived + bounds.QueueTimeout;

    /// <summary>Finds a run.</summary>
    public bool TryGet(string runId, [NotNullWhen(true)] out PooledRun? run) => _runs.TryGetValue(runId, out run);

    /// <summary>Accepts a run; false: there is one of this id.</summary>
    public bool TryAdd(PooledRun run) => _runs.TryAdd(run.RunId, run);

    /// <summary>Replies to a run.</summary>
    public void Reply(PooledRun run, IRunReply reply) => effects.Add(new SendReply(run, reply));

    /// <summary>Refuses a run, and tells its caller when to come back.</summary>
    public void Refuse(PooledRun run, RefusalReason why, TimeSpan now) => Reply(run, new RunRefused(
        run.RunId,
        why,
        why == RefusalReason.Draining ? _retries.Drained(queue.Count) : _retries.Refused(queue.Count, now)));

    /// <summary>A waiting run leaves the queue with this reply.</summary>
    public void Dismiss(PooledRun run, IRunReply reply)
    {
        Leave(run);
        Reply(run, reply);
    }

    /// <summary>A waiting run leaves the queue and is refused.</summary>
    public void Dismiss(PooledRun run, RefusalReason why, TimeSpan now)
    {
        Leave(run);
        Refuse(run, why, now);
    }

    /// <summary>Refuses the runs that have waited too long.</summary>
    public void DismissOverdue(TimeSpan now)
    {
        while (NextTimeout <= now)
        {
            Dismiss(queue.Oldest!, RefusalReason.QueueTimeout, now);
        }
    }

    /// <summary>A run has ended that kept its sandbox busy for <paramref name="service"/>.</summary>
    public void End(PooledRun run, TimeSpan service, TimeSpan now)
    {
        _retries.Ended(service, queue.Count > 0, now);
        _runs.Remove(run.RunId);
    }

    private void Leave(PooledRun run)
    {
        queue.Withdraw(run);
        _runs.Remove(run.RunId);
    }
}
