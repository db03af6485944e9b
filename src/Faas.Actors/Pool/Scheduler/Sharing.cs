namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Gives several runs at once to one process, at isolation <c>shared</c> with a concurrency above 1.
/// <para>
/// Theory of operation. Such a sandbox has as many *seats* as its version's concurrency. It has one permit, however many of its
/// seats are taken: it is one process, and the runs in it mostly wait. A run takes a free seat of a busy sandbox as soon as there is
/// one, without a place in the queue. A sandbox that always has runs would never come free for another lane. So when its turn is over
/// (<see cref="Turns.EndOf"/>), it *gives way*: it takes no more runs until it has none, and then <see cref="Handover"/> decides.
/// </para>
/// </summary>
internal sealed class Sharing(RunQueue queue, Fleet fleet, Leases leases, Patience patience)
{
    /// <summary>A run that is in no line takes a free seat; false: there is none.</summary>
    public bool TryJoin(PooledRun run, TimeSpan now)
    {
        if (fleet.RoomFor(run) is not { } sandbox || MustGiveWay(sandbox, now))
        {
            return false;
        }

        leases.Begin(sandbox, run, Runs.Warmth.Warm, now);
        return true;
    }

    /// <summary>Gives the free seats to runs that wait.</summary>
    public void FillAll(TimeSpan now)
    {
        if (fleet.Roomy.Count == 0 || queue.Count == 0)
        {
            return;
        }

        foreach (var binding in fleet.Roomy.ToList())
        {
            while (queue.FirstFor(binding.Key) is { } run && binding.Roomiest is { } sandbox && !MustGiveWay(sandbox, now))
            {
                if (queue.NextLane is { } next && next.Head.BindingKey == binding.Key)
                {
                    queue.TakeTurn(next, now);
                    sandbox.BeginTurn(now);
                }

                queue.Take(run, now);
                leases.Begin(sandbox, run, Runs.Warmth.Warm, now);
            }
        }
    }

    private bool MustGiveWay(PooledSandbox sandbox, TimeSpan now)
    {
        if (queue.NextLane is not { } next || next.Head.BindingKey == sandbox.Binding!.Key || Turns.EndOf(sandbox, next) > now)
        {
            return false;
        }

        fleet.GiveWay(sandbox);
        patience.GiveWay(sandbox.Binding);
        return true;
    }
}
