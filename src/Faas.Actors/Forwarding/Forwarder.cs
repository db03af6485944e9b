using System.Buffers;
using Akka;
using Akka.Actor;
using Akka.Hosting;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Faas.Actors.Placement;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Actors.UseCases;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Forwarding;

/// <summary>
/// Has runs of this node executed on others.
/// <para>
/// Theory of operation. This node's pool says which sandboxes and permits it has for the run, and <see cref="OtherPools"/> chooses. The
/// other node's reply becomes the reply that this node's pool would have given, so all that follows is the same. A node that declines has
/// run nothing, and the run goes to this node's pool. One that is gone may have run it, so the run ends with reason <c>sandbox</c>. A
/// caller that leaves has the other node told, which kills the run.
/// </para>
/// </summary>
internal sealed partial class Forwarder(
    IRequiredActor<SandboxPool> pool,
    OtherPools others,
    OtherExchanges exchanges,
    OpenForwards opens,
    Parcels parcels,
    WarmVersions warm,
    UseCaseOptions options,
    ILogger<Forwarder> log) : IOtherNodes
{
    private static readonly byte[] s_noInput = "{}"u8.ToArray();
    private static readonly ActorPath s_replyPath = new RootActorPath(Address.AllSystems) / "placements";

    /// <inheritdoc/>
    public async Task<ForwardedReply?> TryRunAsync(StoredRun stored, Run run, CancellationToken cancellation)
    {
        if (exchanges.IsEmpty || others.Choose(run, await LookAsync(run, cancellation)) is not { } claim)
        {
            return null;
        }

        var open = opens.Begin(claim.Node, run.RunId);
        try
        {
            return await TryRunAsync(stored, run, claim, open, cancellation);
        }
        catch (OperationCanceledException)
        {
            exchanges.Find(claim.Node)?.Tell(new AbandonRun(open.Number), exchanges.Own);
            End(claim, open);
            throw;
        }
    }

    /// <inheritdoc/>
    public Run Share(Run run, StoredRun? stored)
    {
        if (stored is not null && warm.Note(run, () => ExampleOf(stored)) is { } example)
        {
            exchanges.Own.Tell(new NodeExchange.TellOthers(new KeepSandboxes(exchanges.OwnNode, example)));
        }

        return warm.Shared(run);
    }

    /// <inheritdoc/>
    public void LetGo(string path)
    {
        warm.LetGo(path);
        exchanges.Own.Tell(new NodeExchange.TellOthers(new LetGoSandboxes(exchanges.OwnNode, path)));
    }

    /// <inheritdoc/>
    public bool Cancel(string runId)
    {
        if (opens.Find(runId) is not { } open || exchanges.Find(open.Node) is not { } node)
        {
            return false;
        }

        node.Tell(new CancelForwarded(open.Number), exchanges.Own);
        return true;
    }

    private static ReadOnlyMemory<byte> ExampleOf(StoredRun stored)
    {
        var example = stored with { Arguments = new RunArguments(stored.Arguments.CallId, s_noInput, Key: stored.Arguments.Key) };
        return RunOrder.Of(example, traceParent: null, stream: false).ToBytes().ToArray();
    }

    private async Task<PoolPlace> LookAsync(Run run, CancellationToken cancellation)
    {
        var awaited = new AwaitedReply(s_replyPath);
        pool.ActorRef.Tell(new LookForPlace(run), awaited);
        return (PoolPlace)await awaited.Reply.WaitAsync(cancellation);
    }

    private async Task<ForwardedReply?> TryRunAsync(
        StoredRun stored, Run run, Claim claim, OpenForward open, CancellationToken cancellation)
    {
        if (exchanges.Find(claim.Node) is not { } node)
        {
            End(claim, open);
            return null;
        }

        var order = await parcels.PackAsync(RunOrder.Of(stored, run.TraceParent, run.Stream).ToBytes());
        node.Tell(new ForwardRun(open.Number, order), exchanges.Own);
        var reply = await ReplyAsync(run, open, cancellation);
        if (reply is RunStreams streams)
        {
            return new ForwardedReply(new RunStreaming(run.RunId, streams.Warmth, Output(streams, claim, open)), open.Measured);
        }

        var ended = reply switch
        {
            null => new RunEnded(run.RunId, Gone(open)),
            NoReply => new RunEnded(
                run.RunId, Outcome.Broken($"The node {claim.Node} of the cluster, which executed the run, did not answer.")),
            RunReplied { Outcome: var outcome } => await EndedAsync(run, open, outcome),
            _ => null,
        };
        others.End(claim);
        if (ended is not { CostFollows: true })
        {
            opens.End(open.Number);
        }

        return ended is null ? null : new ForwardedReply(ended, open.Measured);
    }

    private async Task<IOfForwardedRun?> ReplyAsync(Run run, OpenForward open, CancellationToken cancellation)
    {
        try
        {
            return await open.Reply.WaitAsync(options.PatienceOf(run), cancellation);
        }
        catch (TimeoutException)
        {
            LogNoReply(run.RunId, open.Node, options.PatienceOf(run));
            exchanges.Find(open.Node)?.Tell(new AbandonRun(open.Number), exchanges.Own);
            return new NoReply(open.Number);
        }
    }

    private async Task<RunEnded> EndedAsync(Run run, OpenForward open, Parcel parcel)
    {
        try
        {
            var (outcome, costFollows) = RunOutcome.Read(await parcels.UnpackAsync(parcel, open.Lost));
            return new RunEnded(run.RunId, outcome) { CostFollows = costFollows };
        }
        catch (Exception lost)
        {
            return new RunEnded(run.RunId, OutcomeOf(lost, run.RunId, open));
        }
    }

    private static Outcome Gone(OpenForward open) =>
        Outcome.Broken($"The node {open.Node} of the cluster, which executed the run, is gone.");

    private Outcome OutcomeOf(Exception lost, string runId, OpenForward open)
    {
        if (open.Lost.IsCancellationRequested)
        {
            return Gone(open);
        }

        LogLost(lost, runId, open.Node);
        return Outcome.Broken($"The outcome was lost on its way from the node {open.Node} of the cluster.");
    }

    private Source<IReadOnlyList<OutputEvent>, NotUsed> Output(RunStreams streams, Claim claim, OpenForward open)
    {
        var reader = new OutputReader();
        return streams.Output.Source
            .Via(open.Lost.AsFlow<BytePiece>())
            .Select(reader.Read)
            .Where(events => events.Count > 0)
            .Recover(lost => Option<IReadOnlyList<OutputEvent>>.Create([new OutputEnded(OutcomeOf(lost, open.RunId, open))]))
            .WatchTermination((notUsed, ended) =>
            {
                ended.ContinueWith(
                    _ => End(claim, open), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                return notUsed;
            });
    }

    // Stands for a reply that did not come in time.
    private sealed record NoReply(long Number) : IOfForwardedRun;

    private void End(Claim claim, OpenForward open)
    {
        others.End(claim);
        opens.End(open.Number);
    }

    [LoggerMessage(LogLevel.Error, "The node {Node} did not reply to call {RunId} within {Patience}; the run is cancelled.")]
    private partial void LogNoReply(string runId, string node, TimeSpan patience);

    [LoggerMessage(LogLevel.Warning, "The outcome of call {RunId} on the node {Node} was lost.")]
    private partial void LogLost(Exception lost, string runId, string node);
}
