using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <content>Calls and sandboxes find each other.</content>
public sealed partial class PoolState
{
    private void Admit(PooledRun call, TimeSpan now)
    {
        if (call.Code is { } code && _sandboxes.IdleFor(code) is { } bound)
        {
            Dispatch(bound, call, Warmth.Warm, now);
        }
        else if (TryWait(call, now))
        {
            Settle(now);
        }
        else if (_sandboxes.SparesOf(call.Runtime).First?.Value is { } spare)
        {
            Dispatch(spare, call, Warmth.Spare, now);
            Settle(now);
        }
        else
        {
            _waiting.Add(call);
            Settle(now);
        }

        if (Overfull && _waiting.Patient > 0)
        {
            EndAllPatience(now);
            Settle(now);
        }

        if (Overfull && _waiting.TryFindNewestOfLongest(out var surplus))
        {
            Leave(surplus, RefusalReason.QueueFull, now);
        }
    }

    /// <summary>A new sandbox is ready: it serves the oldest promise, or becomes a spare.</summary>
    private void Supply(PooledSandbox sandbox, TimeSpan now)
    {
        ref var stranded = ref _stranded[(int)sandbox.Runtime];
        var promised = _waiting.PromisedOf(sandbox.Runtime);
        var call = (stranded > 0 ? promised.FirstOrDefault(IsHopeless) : null) ?? promised.First?.Value;
        if (call is null)
        {
            _sandboxes.Enter(sandbox, SandboxStage.Spare, now);
            return;
        }

        _waiting.Remove(call);
        Dispatch(sandbox, call, Warmth.Cold, now);

        // Starts work again: the stranded get what can be had.
        while (stranded > 0 && Uncommitted > 0)
        {
            stranded--;
        }
    }

    /// <summary>A bound sandbox is free: it gives way, or its own code goes on, or it idles.</summary>
    private void Continue(PooledSandbox sandbox, TimeSpan now)
    {
        var code = sandbox.Code!;
        if (_waiting.FirstFor(code) is not { } heir)
        {
            _sandboxes.Enter(sandbox, SandboxStage.Idle, now);
            return;
        }

        if (_waiting.NextLane is { } next)
        {
            if (next.Head.Code == code)
            {
                // The lane's turn is taken by whoever waits longest for this code.
                _waiting.TakeTurn(next, now);
                sandbox.TurnBegan = now;
            }
            else if (_stranded[(int)sandbox.Runtime] == 0 && TurnIsOver(sandbox, next) <= now)
            {
                Close(sandbox, now);
                return;
            }
        }

        TakeFromWaiting(heir, now);
        Dispatch(sandbox, heir, Warmth.Warm, now);
    }

    private void Dispatch(PooledSandbox sandbox, PooledRun call, Warmth warmth, TimeSpan now)
    {
        if (call.Code is { } code && sandbox.Code is null)
        {
            _sandboxes.Bind(sandbox, code);
            sandbox.TurnBegan = now;
        }

        if (warmth != Warmth.Warm)
        {
            _demand[(int)sandbox.Runtime].Taken(now);
            _backoff[(int)sandbox.Runtime].Succeeded();
        }

        _sandboxes.Enter(sandbox, SandboxStage.Busy, now);
        (sandbox.Call, call.Sandbox, call.Dispatched) = (call, sandbox, now);
        if (warmth == Warmth.Spare)
        {
            _ahead ??= call;
        }

        _effects.Add(new DispatchCall(sandbox.Number, call, warmth));
    }

    /// <summary>A waiting call gets its sandbox; if it was still queued, that is its lane's turn.</summary>
    private void TakeFromWaiting(PooledRun call, TimeSpan now)
    {
        if (call.Places is { Promised: false, Lane: { } lane })
        {
            _waiting.TakeTurn(lane, now);
        }

        Unline(call);
    }

    private void Unline(PooledRun call)
    {
        // Whoever leaves the line of promises leaves its supply to those behind, the stranded first.
        if (call.Places!.Promised && _stranded[(int)call.Runtime] > 0)
        {
            _stranded[(int)call.Runtime]--;
        }

        _waiting.Remove(call);
    }
}
