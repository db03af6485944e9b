using Faas.Actors.Invocations;

namespace Faas.Actors.Pool;

/// <content>
/// Calls and sandboxes find each other.
/// <para>
/// Promises are counted, not tied: of a runtime, as many sandboxes are starting, or slots about to come free, as calls
/// have been promised one, and whichever is ready first serves the oldest promise. Slots about to come free are those
/// of closing sandboxes; they are shared by the runtimes. A failed start breaks one promise. The call fails, unless a
/// sandbox that is bound to its code may still serve it: then it stays in line without supply (*stranded*).
/// </para>
/// </content>
public sealed partial class PoolState
{
    private readonly StartBackoff[] _backoff = [.. s_runtimes.Select(_ => new StartBackoff())];
    private readonly int[] _stranded = new int[s_runtimes.Length];

    private void Admit(PoolCall call, TimeSpan now)
    {
        if (call.Code is { } code && _sandboxes.IdleFor(code) is { } bound)
        {
            Dispatch(bound, call, SandboxStart.Warm, now);
        }
        else if (_sandboxes.SparesOf(call.Runtime).First?.Value is { } spare)
        {
            Dispatch(spare, call, SandboxStart.Spare, now);
            Settle(now);
        }
        else
        {
            _waiting.Add(call);
            Settle(now);
        }

        if (Overfull && _waiting.TryFindNewestOfLongest(out var surplus))
        {
            Leave(surplus, refusal: Refusal.QueueFull);
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
        Dispatch(sandbox, call, SandboxStart.Cold, now);

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
        Dispatch(sandbox, heir, SandboxStart.Warm, now);
    }

    private void Settle(TimeSpan now)
    {
        if (_draining)
        {
            return;
        }

        StartPromised(now);
        while (_waiting.NextLane is { } next && Secure(next, now))
        {
            StartPromised(now);
        }

        StartSpares(now);
    }

    /// <summary>Finds one slot for one of those who queue, and promises it; false: there is none.</summary>
    private bool Secure(Lane next, TimeSpan now)
    {
        foreach (var runtime in s_runtimes)
        {
            if (_waiting.NextLaneOf(runtime) is { } lane && _sandboxes.StartingOf(runtime).Count > Owed(runtime))
            {
                _waiting.Promise(lane, now);
                return true;
            }
        }

        if (Uncommitted <= 0)
        {
            if (Dispensable(next, now) is not var (sandbox, from) || from > now)
            {
                return false;
            }

            Close(sandbox, now);
        }

        _waiting.Promise(next, now);
        return true;
    }

    /// <summary>The sandbox that is missed least, and from when on it may be closed for that lane; null: none is free.</summary>
    private (PooledSandbox Sandbox, TimeSpan From)? Dispensable(Lane lane, TimeSpan now)
    {
        var patience = lane.Head.Code is { } code && _sandboxes.HasBound(code) ? lane.Head.Arrived + Grace : TimeSpan.MinValue;
        (PooledSandbox Sandbox, TimeSpan From)? found = null;
        foreach (var runtime in s_runtimes)
        {
            var spare = _sandboxes.SparesOf(runtime).First ?? (_sandboxes.StartingOf(runtime).Count > Owed(runtime) ? _sandboxes.StartingOf(runtime).Last : null);
            if (spare is not null && (found is not var (other, _) || spare.Value.Since < other.Since))
            {
                found = (spare.Value, patience);
            }
        }

        if (_sandboxes.Idle.First?.Value is { } idle)
        {
            var cold = idle.Since + Grace;
            var over = TurnIsOver(idle, lane);
            var from = cold < over ? cold : over;
            if (found is not var (spare, _) || (idle.Since < spare.Since && from <= now))
            {
                found = (idle, from > patience ? from : patience);
            }
        }

        return found;
    }

    /// <summary>When the sandbox has served its code for a turn, and the lane has got nothing for as long.</summary>
    private static TimeSpan TurnIsOver(PooledSandbox sandbox, Lane lane) =>
        (sandbox.TurnBegan > lane.PassedOverSince ? sandbox.TurnBegan : lane.PassedOverSince) + Turn;

    private void StartPromised(TimeSpan now)
    {
        foreach (var runtime in s_runtimes)
        {
            while (Room > 0 && _sandboxes.StartingOf(runtime).Count < Owed(runtime))
            {
                Start(runtime, now);
            }
        }
    }

    private void StartSpares(TimeSpan now)
    {
        foreach (var runtime in s_runtimes)
        {
            while (LacksSpare(runtime) && _backoff[(int)runtime].RetryAt <= now)
            {
                Start(runtime, now);
            }
        }
    }

    private bool LacksSpare(Runtime runtime) =>
        Room > 0 && _sandboxes.SparesOf(runtime).Count + _sandboxes.StartingOf(runtime).Count - Owed(runtime) < WantedSpares(runtime);

    private int WantedSpares(Runtime runtime) => runtime == Runtime.Python ? options.SparePython : options.SpareNode;

    /// <summary>More queue than may, those not counted who are about to get a free sandbox that is still kept for another.</summary>
    private bool Overfull => Unsupplied > options.Queue + _sandboxes.Idle.Count + s_runtimes.Sum(runtime => _sandboxes.SparesOf(runtime).Count);

    /// <summary>Calls for which nothing is on its way.</summary>
    private int Unsupplied => _waiting.Queued + _stranded.Sum();

    /// <summary>Sandboxes that may be started now.</summary>
    private int Room => options.Size - _sandboxes.Alive;

    /// <summary>Promises of a runtime that stand on a sandbox to come.</summary>
    private int Owed(Runtime runtime) => _waiting.PromisedOf(runtime).Count - _stranded[(int)runtime];

    /// <summary>Slots that are free or about to be, and promised to nobody.</summary>
    private int Uncommitted
    {
        get
        {
            var free = Room + _sandboxes.Closing;
            foreach (var runtime in s_runtimes)
            {
                free -= Math.Max(0, Owed(runtime) - _sandboxes.StartingOf(runtime).Count);
            }

            return free;
        }
    }

    private void Start(Runtime runtime, TimeSpan now) => _effects.Add(new StartSandbox(_sandboxes.Add(runtime, now).Number, runtime));

    private void Dispatch(PooledSandbox sandbox, PoolCall call, SandboxStart start, TimeSpan now)
    {
        if (call.Code is { } code && sandbox.Code is null)
        {
            _sandboxes.Bind(sandbox, code);
            sandbox.TurnBegan = now;
        }

        _sandboxes.Enter(sandbox, SandboxStage.Busy, now);
        (sandbox.Call, call.Sandbox, call.Dispatched) = (call, sandbox, now);
        _backoff[(int)sandbox.Runtime].Succeeded();
        _effects.Add(new DispatchCall(sandbox.Number, call, start));
    }

    private void SupplyFailed(Runtime runtime, string why, TimeSpan now)
    {
        _lastStartError = why;
        _backoff[(int)runtime].Failed(now);
        if (Owed(runtime) <= _sandboxes.StartingOf(runtime).Count)
        {
            return;
        }

        _stranded[(int)runtime]++;
        AbandonHopeless(runtime, why);
        if (_stranded[(int)runtime] > 0 && Unsupplied > options.Queue)
        {
            Break(_waiting.PromisedOf(runtime).First!.Value, why);
        }
    }

    /// <summary>Fails as many stranded calls as no sandbox will ever serve.</summary>
    private void AbandonHopeless(Runtime runtime, string why)
    {
        if (_stranded[(int)runtime] == 0)
        {
            return;
        }

        var hopeless = _waiting.PromisedOf(runtime).Where(IsHopeless).ToList();
        foreach (var call in hopeless.Take(hopeless.Count - Owed(runtime)))
        {
            Break(call, why);
        }
    }

    private bool IsHopeless(PoolCall call) => call.Code is not { } code || !_sandboxes.HasBound(code);

    private void Break(PoolCall call, string why) => Leave(call, new InvocationEnded(call.CallId, Outcome.Broken(why)));
}
