using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Decides whether a run waits for a busy sandbox of its own binding, or has another sandbox started.
/// <para>
/// Theory of operation. The ski-rental rule: a run waits for a busy sandbox of its own binding for at most as long as starting
/// a new one takes. A start takes a fraction of a second of processor time, which the busy sandboxes need too, so where runs
/// are short, a crowd of callers is served sooner by the sandboxes that exist. A run is *patient* for as long as a
/// start takes, if recent runs of its binding suggest that one of the bound sandboxes will be free before that. So a run
/// loses at most the time of one start. The waits of a binding add up, and at the price of a start one of its runs gets
/// another sandbox (<see cref="Growth"/>). So a binding gets as many sandboxes as its concurrency is worth. A patient run
/// takes a place in the queue; when the queue is full, no run is patient. A run that can share its process with others is also
/// patient while the sandbox of such another one is on its way.
/// </para>
/// </summary>
internal sealed class Patience(
    PoolBounds bounds, KnownImages images, RunQueue queue, Fleet fleet, Slots slots, Permits permits, Growth growth, Leases leases)
{
    /// <summary>The longest that a run is patient, even if starts take longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    // Taken for the time of a start before one was seen.
    private static readonly TimeSpan s_assumedStart = TimeSpan.FromMilliseconds(100);

    /// <summary>When the next patient run loses its patience.</summary>
    public TimeSpan NextEnd
    {
        get
        {
            var next = Deadlines.Never;
            foreach (var image in images)
            {
                next = next.OrEarlier(EndsAt(image));
            }

            return next;
        }
    }

    /// <summary>
    /// A run becomes patient, if there is a sandbox worth waiting for; false: it does not. If the line for that sandbox is
    /// too long, or has been there for too long, the run joins at its end, and the first run of the line gets another sandbox.
    /// </summary>
    public bool TryWait(PooledRun run, TimeSpan now)
    {
        if (CanFollow(run))
        {
            queue.AddPatient(run);
            return true;
        }

        if (run.BindingKey is not { } key || fleet.IdleFor(run) is not null || fleet.WaitFor(key, queue.CountFor(key)) is not { } wait)
        {
            return false;
        }

        var start = LengthFor(run.Image);
        var isWorthIt = wait <= start && slots.Unsupplied < bounds.Queue;
        if (isWorthIt && !queue.HasImpatientFor(key) && growth.IsDue(run, start, now))
        {
            growth.MakeRoom(run.Image, now);
            isWorthIt = false;
        }

        var first = queue.FirstPatientFor(key);
        if (first is null && !isWorthIt)
        {
            return false;
        }

        queue.AddPatient(run);
        if (!isWorthIt)
        {
            End(first!, now);
        }

        return true;
    }

    /// <summary>Ends the patience of the runs that have been patient for long enough.</summary>
    public void EndDue(TimeSpan now)
    {
        foreach (var image in images)
        {
            while (EndsAt(image) <= now)
            {
                End(image.Queue.FirstPatient!, now);
            }
        }
    }

    /// <summary>Ends the patience of all runs. The queue is overfull, and which run must leave it is settled among the lanes.</summary>
    public void EndAll(TimeSpan now)
    {
        foreach (var image in images)
        {
            while (image.Queue.FirstPatient is { } run)
            {
                End(run, now);
            }
        }
    }

    /// <summary>A sandbox is bound to this binding no longer. If it was the last, no run has a reason to be patient for it.</summary>
    public void SandboxLost(Binding binding, TimeSpan now)
    {
        while (!fleet.HasBound(binding.Key) && queue.FirstPatientFor(binding.Key) is { } run)
        {
            End(run, now);
        }
    }

    /// <summary>A sandbox of this binding is idle, and kept from its runs for now: they join their lanes.</summary>
    public void GiveWay(Binding binding)
    {
        while (queue.FirstPatientFor(binding.Key) is { } run)
        {
            queue.EndPatience(run);
        }
    }

    /// <summary>Whether a sandbox is on its way for a run with which this one can share the process.</summary>
    private bool CanFollow(PooledRun run) =>
        run is { BindingKey: { } key, Run.Concurrency: > 1 and var seats }
        && !fleet.HasBound(key)
        && queue.FirstPromisedFor(key) is not null
        && queue.CountFor(key) < seats
        && slots.Unsupplied < bounds.Queue;

    private static TimeSpan LengthFor(PooledImage image) => Longest.OrEarlier(image.Demand.Start ?? s_assumedStart);

    private static TimeSpan? EndsAt(PooledImage image) => image.Queue.FirstPatient is { } first ? first.Arrived + LengthFor(image) : null;

    /// <summary>A patient run takes a spare, if no run queues for one, or joins its lane.</summary>
    private void End(PooledRun run, TimeSpan now)
    {
        if (run.Image.Queue.NextLane is null && run.Image.Fleet.OldestSpare is { } spare && permits.Free > 0)
        {
            queue.Remove(run);
            leases.Begin(spare, run, Warmth.Spare, now);
        }
        else
        {
            queue.EndPatience(run);
        }
    }
}
