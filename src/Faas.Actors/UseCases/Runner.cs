using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.UseCases;

/// <summary>
/// Submits a run to the pool and waits for what comes of it.
/// <para>
/// Theory of operation. The pool replies once: with the outcome, with a stream of output, or with a refusal. A caller that
/// leaves cancels the run, so nothing runs that no caller waits for. The pool has deadlines of its own; a reply that does
/// not come although all of them have passed is a defect, and the run is cancelled and reported as broken.
/// </para>
/// </summary>
public sealed partial class Runner(
    IRequiredActor<SandboxPool> pool,
    OutputPump pump,
    UseCaseOptions options,
    ILogger<Runner> log,
    RunMeters? meters = null,
    RecentRuns? recent = null,
    LayerSupply? layers = null,
    IOtherNodes? others = null)
{
    private static readonly ActorPath s_replyPath = new RootActorPath(Address.AllSystems) / "calls";

    /// <summary>Runs it. Throws <see cref="OperationCanceledException"/> when the caller leaves before the pool has replied.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="sink">Where the output goes while it runs; not null exactly when the run streams.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    /// <param name="record">Where it is noted what becomes of it; null: nowhere.</param>
    /// <param name="stored">The same as another node of the cluster may get it; null: this node is to run it.</param>
    public async Task<RunResult> RunAsync(
        Run run, IRunSink? sink, CancellationToken cancellation, RunRecord? record = null, StoredRun? stored = null)
    {
        using var trace = RunTrace.Begin(run);
        if (trace is not null)
        {
            run = run with { Trace = trace, TraceParent = trace.TraceParent };
        }

        try
        {
            if (others is not null && stored is not null && await others.TryRunAsync(stored, run, cancellation) is { } elsewhere)
            {
                NoteElsewhere(record, elsewhere);
                return Noted(await ResultAsync(run, elsewhere.Reply, elsewhere.Measured, sink, cancellation), record, trace);
            }

            run = others?.Share(run, stored) ?? run;
            if (layers is not null)
            {
                (run, var missing) = await layers.SupplyAsync(run, cancellation);
                if (missing is not null)
                {
                    return Ended(run, new RunFinished(missing, Streamed: false, run.Version), record, trace);
                }
            }

            var awaited = new AwaitedReply(s_replyPath);
            await using var leaving = Submit(run, record, awaited, cancellation, out var reply);
            return Ended(run, await ResultAsync(run, await reply, awaited.Measured, sink, cancellation), record, trace);
        }
        catch (OperationCanceledException)
        {
            meters?.Ended(run, Outcome.Cancelled);
            recent?.End(record, Outcome.Cancelled, costFollows: true);
            trace?.Failed(Reason.Cancelled);
            throw;
        }
    }

    private async Task<RunResult> ResultAsync(
        Run run, IRunReply reply, Task<Usage> measured, IRunSink? sink, CancellationToken cancellation) => reply switch
        {
            RunRefused refused => new RunNotTaken(Refusal.Of(refused.Why, refused.RetryAfter), run.Version),
            RunStreaming streaming => await StreamAsync(run, streaming, sink!, cancellation),
            RunEnded { Outcome: { Reason: Reason.Ok } ok } when sink is not null => await SendAsync(run, ok, sink),
            RunEnded ended => new RunFinished(ended.Outcome, Streamed: false, run.Version)
            {
                Measured = ended.CostFollows ? measured : null,
            },
            var other => throw new InvalidOperationException($"The pool replied with {other.GetType().Name}."),
        };

    private RunResult Ended(Run run, RunResult result, RunRecord? record, RunTrace? trace)
    {
        if (result is RunFinished finished)
        {
            meters?.Ended(run, finished.Outcome);
        }

        return Noted(result, record, trace);
    }

    // The node that executes a run counts it.
    private RunResult Noted(RunResult result, RunRecord? record, RunTrace? trace)
    {
        Note(record, result);
        End(trace, result);
        return result;
    }

    // The other node's pool and sandbox know no record of this one.
    private static void NoteElsewhere(RunRecord? record, ForwardedReply elsewhere)
    {
        record?.PrintsElsewhere();
        switch (elsewhere.Reply)
        {
            case RunStreaming streaming:
                record?.Leased(streaming.Warmth);
                break;
            case RunEnded { Outcome: { Warmth: { } warmth, Usage.Elapsed: var ago } } ended:
                record?.Leased(warmth, ago);
                if (ended.CostFollows && record is not null)
                {
                    elsewhere.Measured.ContinueWith(
                        cost => record.Measured(cost.Result),
                        CancellationToken.None,
                        TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion,
                        TaskScheduler.Default);
                }

                break;
        }
    }

    private void Note(RunRecord? record, RunResult result)
    {
        switch (result)
        {
            case RunFinished finished:
                recent?.End(record, finished.Outcome, finished.Measured is not null || finished.Outcome.Reason == Reason.Cancelled);
                break;
            case RunNotTaken { Refusal: var refusal }:
                recent?.Refuse(record, refusal.Reason.ToWire(), refusal.Detail);
                break;
        }
    }

    private static void End(RunTrace? trace, RunResult result)
    {
        switch (result)
        {
            case RunFinished { Outcome.Reason: not Reason.Ok and var reason }:
                trace?.Failed(reason);
                break;
            case RunNotTaken { Refusal.Reason: var reason }:
                trace?.Failed(reason);
                break;
            default:
                trace?.Ended();
                break;
        }
    }

    /// <summary>
    /// Has the pool keep as many sandboxes bound to a new version as its settings say, and let go of those of the version before.
    /// </summary>
    /// <param name="run">An example of a run of the version.</param>
    /// <param name="stored">The same for the other nodes of a cluster; null: they have been told.</param>
    public void KeepWarm(Run run, StoredRun? stored = null)
    {
        run = others?.Share(run, stored) ?? run;
        if ((layers is null ? run : layers.Known(run)) is { } supplied)
        {
            pool.ActorRef.Tell(new KeepWarm(supplied));
        }
        else
        {
            _ = KeepWarmOnceSuppliedAsync(run, layers!);
        }
    }

    private async Task KeepWarmOnceSuppliedAsync(Run run, LayerSupply supply)
    {
        if (await supply.SupplyAsync(run, CancellationToken.None) is (var supplied, null))
        {
            pool.ActorRef.Tell(new KeepWarm(supplied));
        }
    }

    /// <summary>Has the pool keep no sandbox bound for a script that is called no more.</summary>
    public void LetGo(string path)
    {
        others?.LetGo(path);
        pool.ActorRef.Tell(new LetGo(path));
    }

    // The pool must hear of the run before it hears that the run is cancelled, so the run is submitted first.
    private CancellationTokenRegistration Submit(
        Run run, RunRecord? record, AwaitedReply awaited, CancellationToken cancellation, out Task<IRunReply> reply)
    {
        pool.ActorRef.Tell(new SubmitRun(run, record), awaited);
        reply = ReplyAsync(run, awaited, cancellation);
        return cancellation.UnsafeRegister(_ => Cancel(run), null);
    }

    private async Task<IRunReply> ReplyAsync(Run run, AwaitedReply awaited, CancellationToken cancellation)
    {
        try
        {
            return await awaited.Reply.WaitAsync(options.PatienceOf(run), cancellation);
        }
        catch (TimeoutException)
        {
            LogNoReply(run.RunId, options.PatienceOf(run));
            Cancel(run);
            return new RunEnded(run.RunId, Outcome.Broken("The pool did not answer."));
        }
    }

    private async Task<RunResult> StreamAsync(Run run, RunStreaming streaming, IRunSink sink, CancellationToken cancellation)
    {
        run.Trace?.Streams();
        var begun = Stopwatch.GetTimestamp();
        var outcome = await pump.PumpAsync(streaming.Output, sink, new RunStarted(streaming.Warmth, run.Version), cancellation);
        if (outcome is null)
        {
            Cancel(run);
        }

        // A sink that ends before the run does gets no outcome of the sandbox; what is known is where, and for how long, it has watched.
        outcome ??= Outcome.Cancelled with
        {
            Warmth = streaming.Warmth,
            Usage = Usage.None with { Elapsed = Stopwatch.GetElapsedTime(begun) },
        };
        return new RunFinished(outcome, Streamed: true, run.Version);
    }

    private static async Task<RunResult> SendAsync(Run run, Outcome outcome, IRunSink sink)
    {
        if (await sink.StartAsync(new RunStarted(outcome.Warmth ?? Warmth.Cold, run.Version)))
        {
            await sink.WriteAsync([new OutputEnded(outcome)]);
        }

        return new RunFinished(outcome, Streamed: true, run.Version);
    }

    private void Cancel(Run run) => pool.ActorRef.Tell(new CancelRun(run.RunId));

    [LoggerMessage(LogLevel.Error, "The pool did not answer call {RunId} within {Patience}; the run is cancelled.")]
    private partial void LogNoReply(string runId, TimeSpan patience);
}
