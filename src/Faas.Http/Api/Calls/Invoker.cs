using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>Has the pool run a run for a request, and takes it back when the client leaves.</summary>
public sealed partial class Invoker(IRequiredActor<SandboxPool> pool, EventStream events, FaasOptions options, ILogger<Invoker> log)
{
    /// <summary>How long after the pool's own deadlines its answer counts as lost.</summary>
    public static TimeSpan Margin { get; } = TimeSpan.FromSeconds(30);

    private static readonly ActorPath s_replyPath = new RootActorPath(Address.AllSystems) / "calls";

    private readonly TimeSpan _patience = options.Pool.QueueTimeout + options.Sandbox.StartTimeout + options.Sandbox.Timeout + Margin;

    /// <summary>Runs the code and answers the request with what came of it.</summary>
    public async Task RunAsync(HttpContext context, ScriptCode code, string queue, long? version, Isolation isolation, CallRequest call)
    {
        var run = new Run(
            CallIds.ForThePool(context.TraceIdentifier), queue, code, RunMode.Execute, isolation, call.Input, call.Stream, version, call.Stats);
        await using var leaving = LeavingClient(context, run, out var answer);
        switch (await answer)
        {
            case RunStreaming streaming:
                context.Response.SetStart(streaming.Warmth);
                if (!await events.SendAsync(context, streaming.Output))
                {
                    Cancel(run);
                }

                break;
            case RunEnded { Outcome: { Reason: Reason.Ok } ok } when call.Stream:
                context.Response.SetStart(ok.Warmth);
                await events.SendAsync(context, ok);
                break;
            case RunEnded { Outcome: var outcome }:
                await JsonReply.WriteAsync(context.Response, ValueOf(context, outcome, call), call.Stats ? outcome.Usage : null);
                break;
            case var other:
                throw Unexpected(other);
        }
    }

    /// <summary>Compiles the code in a sandbox, which is warm for it afterwards if its calls can use that; throws <see cref="ProblemException"/> when it does not compile.</summary>
    public async Task CheckAsync(HttpContext context, ScriptCode code, string path, Isolation isolation)
    {
        // The version has no number yet, and a process that stays belongs to one version.
        var walls = isolation == Isolation.Process ? Isolation.Process : Isolation.Sandbox;
        var run = new Run(
            CallIds.ForThePool(context.TraceIdentifier), path, code, RunMode.Check, walls, CallRequest.EmptyObject, Stream: false);
        await using var leaving = LeavingClient(context, run, out var answer);
        var reply = await answer;
        var outcome = reply is RunEnded ended ? ended.Outcome : throw Unexpected(reply);
        context.Response.SetOutcome(outcome);
        if (outcome.Reason != Reason.Ok)
        {
            throw new ProblemException(FaasProblems.Of(outcome));
        }
    }

    // The order matters: the pool must hear of the run before it hears that nobody waits for it.
    private CancellationTokenRegistration LeavingClient(HttpContext context, Run run, out Task<IRunReply> answer)
    {
        answer = AskAsync(run, context.RequestAborted);
        return context.RequestAborted.UnsafeRegister(_ => Cancel(run), null);
    }

    private void Cancel(Run run) => pool.ActorRef.Tell(new CancelRun(run.RunId));

    private async Task<IRunReply> AskAsync(Run run, CancellationToken clientLeft)
    {
        var awaited = new AwaitedReply(s_replyPath);
        pool.ActorRef.Tell(new SubmitRun(run), awaited);
        try
        {
            var reply = await awaited.Answer.WaitAsync(_patience, clientLeft);
            return reply is RunRefused refused ? throw new ProblemException(FaasProblems.Of(refused)) : reply;
        }
        catch (TimeoutException)
        {
            LogNoAnswer(run.RunId, _patience);
            Cancel(run);
            throw new ProblemException(FaasProblems.Of(Outcome.Broken("The pool did not answer.")));
        }
    }

    private static ResultData ValueOf(HttpContext context, Outcome outcome, CallRequest call)
    {
        context.Response.SetOutcome(outcome);
        return outcome is { Reason: Reason.Ok, Data: { } data }
            ? data
            : throw new ProblemException(FaasProblems.Of(outcome) with { Stats = call.Stats ? outcome.Usage : null });
    }

    private static InvalidOperationException Unexpected(IRunReply reply) => new($"The pool answered with {reply.GetType().Name}.");

    [LoggerMessage(LogLevel.Error, "The pool did not answer call {CallId} within {Patience}; the invocation is cancelled.")]
    private partial void LogNoAnswer(string callId, TimeSpan patience);
}
