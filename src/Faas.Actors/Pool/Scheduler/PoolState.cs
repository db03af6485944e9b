using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Which sandbox runs which call, and who waits: every decision of the pool, and nothing else.
/// <para>
/// Theory of operation. Each method takes one thing that has happened, at a time that the caller names (monotonic,
/// from any origin), changes the state and returns what must now be done. No clock, no thread, no actor, so all of
/// it can be tested by calling it. A call that comes is given a sandbox at once if one is free for it. Otherwise it
/// waits for a sandbox of its code that will soon be free (PoolState.Patience.cs), or queues, and the state *settles*
/// (PoolState.Supply.cs): as long as a slot can be had, by room, by closing a sandbox of no use to those who wait, or
/// because one is starting that nobody waits for, the call whose turn it is gets the promise of it. What is promised is
/// out of the queue. Therefore, between events: no free sandbox is of use to anybody who waits, but spares to the
/// patient, and whoever queues does so because every sandbox is busy, coming for somebody else, or kept for a moment by
/// one of the two rules that follow.
/// </para>
/// <para>
/// Turns. Lanes (a path's calls for one runtime) take slots in turn. A warm call costs a fraction of a cold one, so a
/// bound sandbox is not taken from its code for whoever comes next: while its code has calls, or comes back for it
/// within <see cref="Grace"/>, it stays, until two things hold: it has served that code for <see cref="Turn"/>,
/// and the lane whose turn it is has got nothing for as long. Then it gives way. So the price of switching is bounded,
/// and so is the wait of any lane.
/// </para>
/// <para>
/// Grace. A sandbox answers a moment before it is free again (its process has to be cleared away), and a caller in a
/// closed loop calls again within that moment. Without grace that call would close somebody else's idle sandbox, whose
/// caller would do the same to the next: eight callers of eight scripts on eight sandboxes would start one for each call.
/// </para>
/// </summary>
public sealed partial class PoolState(PoolOptions options)
{
    /// <summary>How long a bound sandbox may serve its own code while a lane is passed over; a few times what a start costs.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    /// <summary>How long an idle sandbox is kept for its last caller, and a call waits for a busy sandbox of its own code, before another sandbox is closed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(20);

    private const string NoSandboxLeft = "No new sandbox could be started, and the last one that could have served the call ended.";

    private static readonly Runtime[] s_runtimes = Enum.GetValues<Runtime>();

    private readonly Dictionary<string, PooledRun> _calls = [];
    private readonly SandboxRoster _sandboxes = new();
    private readonly WaitingCalls _waiting = new();
    private readonly RetrySchedule _retries = new(options.Size);

    private List<PoolEffect> _effects = [];

    /// <summary>What the pool looks like now.</summary>
    public PoolStatus Status => new(
        Starting,
        s_runtimes.Sum(runtime => _sandboxes.SparesOf(runtime).Count),
        _sandboxes.Idle.Count,
        _sandboxes.Busy,
        _waiting.Count,
        Failing is { } runtime ? $"{runtime.ToString().ToLowerInvariant()}: {_backoff[(int)runtime].Why}" : null,
        Failing is { } failing ? _backoff[(int)failing].FailedStarts : 0);

    /// <summary>The calls that wait or run.</summary>
    public IReadOnlyCollection<PooledRun> Calls => _calls.Values;

    /// <summary>The pool begins its life: the spares start.</summary>
    public IReadOnlyList<PoolEffect> Begin(TimeSpan now)
    {
        Settle(now);
        return Decided();
    }

    /// <summary>A call has come.</summary>
    public IReadOnlyList<PoolEffect> Arrive(PooledRun call, TimeSpan now)
    {
        if (_draining)
        {
            Refuse(call, RefusalReason.Draining, now);
        }
        else if (!_calls.TryAdd(call.RunId, call))
        {
            Answer(call, new RunEnded(call.RunId, Outcome.Broken("A call of this id has not ended yet; an id names one call.")));
        }
        else
        {
            call.Arrived = now;
            Admit(call, now);
        }

        return Decided();
    }

    /// <summary>A sandbox's runtime has answered.</summary>
    /// <param name="number">The sandbox.</param>
    /// <param name="bytes">The memory that it holds; 0: not known.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<PoolEffect> Ready(long number, long bytes, TimeSpan now)
    {
        if (_sandboxes.TryGet(number, out var sandbox) && sandbox.Stage == SandboxStage.Starting)
        {
            _backoff[(int)sandbox.Runtime].Started();
            _demand[(int)sandbox.Runtime].Started(now - sandbox.Since, bytes);
            Supply(sandbox, now);
            Settle(now);
        }

        return Decided();
    }

    /// <summary>A sandbox has served its call and nothing of it is left.</summary>
    public IReadOnlyList<PoolEffect> Free(long number, string runId, TimeSpan service, TimeSpan now)
    {
        if (_sandboxes.TryGet(number, out var sandbox) && sandbox.Call is { } call && call.RunId == runId)
        {
            End(sandbox, call, service, now);
            if (sandbox.Code is null)
            {
                Close(sandbox, now);
            }
            else
            {
                Continue(sandbox, now);
            }

            Settle(now);
        }

        return Decided();
    }

    /// <summary>A sandbox will not become ready; that it is gone is told by <see cref="Lost"/>.</summary>
    public IReadOnlyList<PoolEffect> StartFailed(long number, string why, TimeSpan now)
    {
        if (_sandboxes.TryGet(number, out var sandbox) && sandbox.Stage == SandboxStage.Starting)
        {
            _sandboxes.Enter(sandbox, SandboxStage.Closing, now);
            SupplyFailed(sandbox.Runtime, why, now);
            Settle(now);
        }

        return Decided();
    }

    /// <summary>A sandbox is gone, asked to or not.</summary>
    public IReadOnlyList<PoolEffect> Lost(long number, TimeSpan now)
    {
        if (_sandboxes.TryGet(number, out var sandbox))
        {
            var (stage, code) = (sandbox.Stage, sandbox.Code);
            _sandboxes.Remove(sandbox);
            Unbound(code, now);
            switch (stage)
            {
                case SandboxStage.Starting:
                    SupplyFailed(sandbox.Runtime, "The sandbox ended before it was ready.", now);
                    break;
                case SandboxStage.Spare:
                    _backoff[(int)sandbox.Runtime].DiedUnused(now);
                    _effects.Add(new SandboxVanished(number, sandbox.Runtime));
                    break;
                case SandboxStage.Idle:
                    _effects.Add(new SandboxVanished(number, sandbox.Runtime));
                    break;
                case SandboxStage.Busy:
                    var call = sandbox.Call!;
                    Answer(call, new RunEnded(call.RunId, call.Cancelled ? s_cancelled : Outcome.Broken("The sandbox ended without an answer.")));
                    End(sandbox, call, now - call.Dispatched, now);
                    break;
                default:
                    break;
            }

            AbandonHopeless(sandbox.Runtime, NoSandboxLeft);
            Settle(now);
        }

        return Decided();
    }

    /// <summary>The caller of this call has left.</summary>
    public IReadOnlyList<PoolEffect> Cancel(string runId, TimeSpan now)
    {
        if (_calls.TryGetValue(runId, out var call))
        {
            if (call.Sandbox is { } sandbox)
            {
                Stop(sandbox, call);
            }
            else
            {
                Leave(call, new RunEnded(runId, s_cancelled));
                Settle(now);
            }
        }

        return Decided();
    }

    private List<PoolEffect> Decided()
    {
        NoticeEmpty();
        if (_effects.Count == 0)
        {
            return [];
        }

        var decided = _effects;
        _effects = [];
        return decided;
    }
}
