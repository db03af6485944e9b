using System.Collections.Concurrent;
using System.IO.Pipelines;
using Akka.Actor;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Sandboxes;

// Theory of operation. A sandbox whose first run has a concurrency above 1 goes over to another behaviour, around ConcurrentState, and
// stays in it. One task reads all frames of the process; the actor writes them. While a write waits for room, further frames wait
// here. The runs' deadlines come in the order of their beginnings, so one timer serves them all.
public sealed partial class SandboxActor
{
    private const string AnswerTimer = "answer";

    private readonly ConcurrentDictionary<uint, ConcurrentRun> _concurrentRuns = new();
    private readonly Queue<Action<PipeWriter>> _unsent = new();
    private ConcurrentState? _concurrent;
    private bool _isSending;
    private bool _isDeadlineSet;

    private KernelCounters CostSoFar(Run run) => run.TellsCost ? _process!.Counters : default;

    private void BeginConcurrently(Lease lease)
    {
        if (_process!.HasUnread)
        {
            // Bytes that came before the first order cannot belong to it.
            Perform(new RejectRun(lease, "The sandbox broke: bytes that no invocation asked for."));
            Perform(_state.Close());
            return;
        }

        BindConcurrently(lease.Run);
        OnConcurrentLease(lease);
    }

    private void BindConcurrently(Run run)
    {
        var process = _process!;
        _bound = _options.With(run.Settings);
        _concurrent = new ConcurrentState(run.BindingKey!, _bound, new KernelCounters(process.OomKills, TimeSpan.Zero, 0));
        Become(Concurrent);
        HoldUntilReady(run);
        Send(input => FrameWriter.WriteProgram(input, ProgramFrame.Of(run, _bound)));
        var reading = new ConcurrentReader(process, _concurrentRuns, Self).RunAsync();
        _reading = reading;
        reading.PipeTo(Self);
    }

    private void Concurrent()
    {
        Receive<Lease>(OnConcurrentLease);
        Receive<RunDone>(done =>
        {
            _concurrentRuns.TryRemove(done.Run.Number, out _);
            _door.Forget(done.Run.Lease.Run);
            Perform(_concurrent!.Done(done.Run, done.Report, CostSoFar(done.Run.Lease.Run), Now));
        });
        Receive<RunOverLimit>(over => Perform(_concurrent!.OverLimit(over.Run, over.OverLimit, Now)));
        Receive<CancelHeard>(_ => Timers.Cancel(AnswerTimer));
        Receive<Unanswered>(_ => Perform(_concurrent!.Unanswered()));
        Receive<OldestDue>(_ =>
        {
            _isDeadlineSet = false;
            Perform(_concurrent!.Tick(Now));
        });
        Receive<Sent>(_ => SendWaiting());
        Receive<NotLimited>(failed => Perform(_concurrent!.Broke($"The sandbox broke: {failed.Why}.")));
        Receive<StopRun>(stop => Perform(_concurrent!.Stop(stop.RunId, Now)));
        Receive<CloseSandbox>(_ => Perform(_concurrent!.Close()));
        Receive<ProcessEnded>(ended => Perform(_concurrent!.Ended(ended, Counters, Now)));
        Receive<SandboxExit>(exit => Perform(_concurrent!.Exited(exit, Counters, Now)));
    }

    private void OnConcurrentLease(Lease lease) =>
        Perform(_concurrent!.Begin(lease, CostSoFar(lease.Run), Now));

    private void Perform(IReadOnlyList<SandboxEffect> effects)
    {
        foreach (var effect in effects)
        {
            Perform(effect);
        }

        SetDeadline();
    }

    private void PerformConcurrent(SandboxEffect effect)
    {
        switch (effect)
        {
            case SendRun { Run: var run }:
                Begin(run);
                break;
            case SendCancel { Run: var run }:
                Send(input => FrameWriter.WriteCancel(input, run.Number));
                break;
            case EndConcurrentRun { Run: var run, Outcome: var outcome }:
                _meters?.Cost(run.Lease.Run, outcome.Usage);
                Deliver(run.Lease, run.Live, outcome, _log);
                break;
            case AnnounceRetired:
                Context.Parent.Tell(SandboxRetired.Instance);
                break;
            case AwaitAnswer:
                Timers.StartSingleTimer(AnswerTimer, Unanswered.Instance, ConcurrentState.AnswerPatience);
                break;
            default:
                throw new InvalidOperationException($"Nobody performs {effect}.");
        }
    }

    private void Begin(ConcurrentRun run)
    {
        var (id, self) = (run.Lease.Run.RunId, Self);
        if (run.Live is { } live)
        {
            run.Lease.ReplyTo.Tell(new RunStreaming(id, run.Lease.Warmth, live.Source(() => self.Tell(new StopRun(id)))));
        }

        run.Lease.Record?.Prints(run.Log);
        var isFirst = _concurrentRuns.IsEmpty;
        Send(_ => // in its turn, when the door is open
        {
            if (isFirst)
            {
                _door.AdmitAllOf(run.Lease.Run);
            }
            else
            {
                _door.Extend(run.Lease.Run);
            }
        });

        _concurrentRuns[run.Number] = run;
        if (run.Lease.Run.Secrets is { } secrets)
        {
            Send(input => FrameWriter.WriteSecrets(input, run.Number, secrets));
        }

        Send(input => FrameWriter.WriteRun(input, run.Number, run.Lease.Run.Input.Span));
    }

    // No frame is sent before the kernel has the limits of the version, and the proxy listens.
    private void HoldUntilReady(Run run)
    {
        var ready = _process!.MakeReadyForAsync(run, _bound, _door);
        if (!ready.IsCompletedSuccessfully)
        {
            _isSending = true;
            ready.PipeTo(Self, success: () => Sent.Instance, failure: fault => new NotLimited(fault.Message));
        }
    }

    // A pipe that has failed is told by the reader, which sees its end.
    private void Send(Action<PipeWriter> frame)
    {
        _unsent.Enqueue(frame);
        if (!_isSending)
        {
            SendWaiting();
        }
    }

    private void SendWaiting()
    {
        _isSending = false;
        if (_unsent.Count == 0)
        {
            return;
        }

        while (_unsent.TryDequeue(out var frame))
        {
            frame(_process!.Input);
        }

        var flushing = _process!.Input.FlushAsync();
        if (flushing.IsCompleted)
        {
            _ = flushing.AsTask().Exception;
            return;
        }

        _isSending = true;
        flushing.AsTask().PipeTo(Self, success: _ => Sent.Instance, failure: _ => Sent.Instance);
    }

    // With several runs at once, the deadline of another run may be set.
    private void EndDeadline()
    {
        if (_concurrent is null)
        {
            Timers.Cancel(DeadlineTimer);
        }
    }

    private void SetDeadline()
    {
        if (!_isDeadlineSet && _concurrent?.NextDeadline is { } due)
        {
            _isDeadlineSet = true;
            var left = due - Now;
            Timers.StartSingleTimer(DeadlineTimer, OldestDue.Instance, left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
        }
    }

    private sealed record OldestDue : INoSerializationVerificationNeeded
    {
        public static OldestDue Instance { get; } = new();
    }

    private sealed record Unanswered : INoSerializationVerificationNeeded
    {
        public static Unanswered Instance { get; } = new();
    }

    private sealed record NotLimited(string Why) : INoSerializationVerificationNeeded;

    private sealed record Sent : INoSerializationVerificationNeeded
    {
        public static Sent Instance { get; } = new();
    }
}
