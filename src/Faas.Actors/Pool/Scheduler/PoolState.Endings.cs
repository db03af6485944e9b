using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <content>How calls and sandboxes end: by time, by refusal, and all of them when the pool is drained.</content>
public sealed partial class PoolState
{
    private static readonly Outcome s_cancelled = new(Reason.Cancelled) { Detail = "The call was cancelled." };

    private bool _draining;
    private bool _isGone;
    private TimeSpan? _stopAllAt;

    /// <summary>When <see cref="Tick"/> has something to do next; null: never, if nothing else happens.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            var next = _stopAllAt ?? TimeSpan.MaxValue;
            next = Earlier(next, _waiting.Oldest?.Arrived + options.QueueTimeout);
            next = Earlier(next, _sandboxes.Idle.First?.Value.Since + options.IdleTtl);
            next = Earlier(next, _waiting.NextLane is { } lane ? Dispensable(lane, TimeSpan.MinValue)?.From : null);
            foreach (var runtime in s_runtimes)
            {
                next = Earlier(next, PatienceEnds(runtime));
                next = Earlier(next, SurplusAt(runtime));
                next = Earlier(next, SpareDue(runtime));
            }

            return next == TimeSpan.MaxValue ? null : next;
        }
    }

    /// <summary>Time has passed.</summary>
    public IReadOnlyList<PoolEffect> Tick(TimeSpan now)
    {
        while (_waiting.Oldest is { } call && call.Arrived + options.QueueTimeout <= now)
        {
            Leave(call, RefusalReason.QueueTimeout, now);
        }

        while (_sandboxes.Idle.First?.Value is { } idle && idle.Since + options.IdleTtl <= now)
        {
            Close(idle, now);
        }

        foreach (var runtime in s_runtimes)
        {
            while (SurplusAt(runtime) <= now)
            {
                Close(_sandboxes.SparesOf(runtime).First!.Value, now);
            }
        }

        if (_stopAllAt <= now)
        {
            StopAll(now);
        }

        Settle(now);
        return Decided();
    }

    /// <summary>Takes no more calls, serves those that it has for so long, then stops them. The last effect of a drain is <see cref="AllGone"/>.</summary>
    public IReadOnlyList<PoolEffect> Drain(TimeSpan within, TimeSpan now)
    {
        (_draining, _isGone) = (true, false);
        var stopAt = now + within;
        _stopAllAt = _stopAllAt is { } earlier && earlier < stopAt ? earlier : stopAt;
        if (_stopAllAt <= now)
        {
            StopAll(now);
        }

        Settle(now);
        return Decided();
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan? other) => other is { } time && time < one ? time : one;

    private void StopAll(TimeSpan now)
    {
        _stopAllAt = null;
        while (_waiting.Oldest is { } waiting)
        {
            Leave(waiting, RefusalReason.Draining, now);
        }

        foreach (var sandbox in _sandboxes.All)
        {
            if (sandbox.Call is { } call)
            {
                Stop(sandbox, call);
            }
        }
    }

    private void Stop(PooledSandbox sandbox, PooledRun call)
    {
        if (!call.Cancelled)
        {
            call.Cancelled = true;
            _effects.Add(new StopCall(sandbox.Number, call));
        }
    }

    private void Close(PooledSandbox sandbox, TimeSpan now)
    {
        var code = sandbox.Code;
        _sandboxes.Enter(sandbox, SandboxStage.Closing, now);
        _effects.Add(new CloseUnneeded(sandbox.Number));
        Unbound(code, now);
    }

    /// <summary>While the pool drains: closes what serves nobody that is here; false: there is nothing.</summary>
    private bool CloseUnneeded(TimeSpan now)
    {
        var unneeded = _sandboxes.All.Where(sandbox => sandbox.Stage is SandboxStage.Spare or SandboxStage.Idle).ToList();
        foreach (var runtime in s_runtimes)
        {
            unneeded.AddRange(_sandboxes.StartingOf(runtime).Reverse().Take(_sandboxes.StartingOf(runtime).Count - Owed(runtime)));
        }

        unneeded.ForEach(sandbox => Close(sandbox, now));
        return unneeded.Count > 0;
    }

    private void NoticeEmpty()
    {
        if (_draining && !_isGone && _sandboxes.Alive == 0 && _waiting.Count == 0)
        {
            (_isGone, _stopAllAt) = (true, null);
            _effects.Add(new AllGone());
        }
    }

    /// <summary>The sandbox is done with the call.</summary>
    private void End(PooledSandbox sandbox, PooledRun call, TimeSpan service, TimeSpan now)
    {
        _retries.Ended(service, _waiting.Count > 0, now);
        if (sandbox.Code is { } code)
        {
            _sandboxes.Served(code, service);
        }

        _calls.Remove(call.RunId);
        (sandbox.Call, call.Sandbox) = (null, null);
        _ahead = _ahead == call ? null : _ahead;
    }

    /// <summary>A waiting call gives up, or must.</summary>
    private void Leave(PooledRun call)
    {
        Unline(call);
        _calls.Remove(call.RunId);
    }

    private void Leave(PooledRun call, IRunReply reply)
    {
        Leave(call);
        Answer(call, reply);
    }

    private void Leave(PooledRun call, RefusalReason why, TimeSpan now)
    {
        Leave(call);
        Refuse(call, why, now);
    }

    private void Refuse(PooledRun call, RefusalReason why, TimeSpan now) => Answer(call, new RunRefused(
        call.RunId,
        why,
        why == RefusalReason.Draining ? _retries.Drained(_waiting.Count) : _retries.Refused(_waiting.Count, now)));

    private void Answer(PooledRun call, IRunReply reply) => _effects.Add(new AnswerCall(call, reply));
}
