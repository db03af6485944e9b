using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>One run on its way through the pool, from its arrival until its sandbox is done with it.</summary>
/// <param name="run">What to run.</param>
/// <param name="reply">Where the answer goes.</param>
public sealed class PooledRun(Run run, FirstReply reply)
{
    /// <summary>What to run.</summary>
    public Run Run { get; } = run;

    /// <summary>Where the answer goes.</summary>
    public FirstReply Reply { get; } = reply;

    /// <summary>The call's name.</summary>
    public string RunId => Run.RunId;

    /// <summary>The runtime that it needs.</summary>
    internal Runtime Runtime { get; } = run.Code.Runtime;

    /// <summary>What a sandbox must be bound to, to serve it warm; null: it must not be bound at all.</summary>
    internal string? Code { get; } = run.BindingKey;

    /// <summary>When it came.</summary>
    internal TimeSpan Arrived { get; set; }

    /// <summary>When a sandbox got it.</summary>
    internal TimeSpan Dispatched { get; set; }

    /// <summary>The sandbox that runs it; null: it waits.</summary>
    internal PooledSandbox? Sandbox { get; set; }

    /// <summary>Somebody has asked to stop it.</summary>
    internal bool Cancelled { get; set; }

    /// <summary>Its places among those who wait; null while it does not.</summary>
    internal WaiterPlaces? Places { get; set; }
}

/// <summary>Where a waiting call stands in each order that <see cref="WaitingCalls"/> keeps, so that it can leave all of them at once.</summary>
internal sealed class WaiterPlaces(PooledRun call)
{
    /// <summary>Its lane; null: it is patient.</summary>
    public Lane? Lane { get; set; }

    /// <summary>Among all waiters, by arrival.</summary>
    public LinkedListNode<PooledRun> ByArrival { get; } = new(call);

    /// <summary>Among the waiters for its code; not in a list when it needs an unbound sandbox.</summary>
    public LinkedListNode<PooledRun> ByCode { get; } = new(call);

    /// <summary>Among the patient ones for its code; not in a list when it is not patient.</summary>
    public LinkedListNode<PooledRun> Patient { get; } = new(call);

    /// <summary>Among the patient ones, in its lane, or among those who have been promised a sandbox.</summary>
    public LinkedListNode<PooledRun> InLine { get; } = new(call);

    /// <summary>A sandbox is on its way for it: it has left its lane.</summary>
    public bool Promised { get; set; }
}
