using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Akka.Actor;
using Akka.Streams;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.UseCases;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Forwarding;

/// <summary>
/// Executes what other nodes send here, as <see cref="RunScript"/> executes the calls of this node: another way in, beside HTTP. Such a
/// run is not sent on, so a call takes one hop between nodes at most.
/// </summary>
internal sealed partial class ForwardedRuns(
    RunScript runScript,
    Runner runner,
    ICodeStore codes,
    Parcels parcels,
    WarmVersions warm,
    UseCaseOptions options,
    IMaterializer materializer,
    ILogger<ForwardedRuns> log)
{
    // A sandbox that dies after the reply tells no cost.
    private static readonly TimeSpan s_costPatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(IActorRef Origin, long Number), (CancellationTokenSource Ended, string? Id)> _open = [];

    /// <summary>Executes a run. The origin gets one reply, and for a stream the output.</summary>
    /// <param name="forward">The run.</param>
    /// <param name="origin">The node that has sent it.</param>
    /// <param name="self">Whose messages the replies are.</param>
    public async Task ExecuteAsync(ForwardRun forward, IActorRef origin, IActorRef self)
    {
        using var ended = new CancellationTokenSource();
        _open[(origin, forward.Number)] = (ended, null);
        try
        {
            var (reply, cost) = await RunAsync(forward, origin, self, ended);
            if (reply is not null)
            {
                origin.Tell(reply, self);
            }

            // After the reply: the origin looks for nothing more of a run whose cost it has.
            if (cost is not null)
            {
                origin.Tell(new RunCost(forward.Number, await KnownAsync(cost)), self);
            }
        }
        catch (OperationCanceledException)
        {
            // The origin waits for nothing any more.
        }
        catch (Exception failed)
        {
            LogFailed(failed, forward.Number, origin.Path.Address);
            origin.Tell(await ReplyAsync(forward.Number, Outcome.Broken("The other node of the cluster failed."), false), self);
        }
        finally
        {
            _open.TryRemove((origin, forward.Number), out _);
        }
    }

    /// <summary>Keeps this node's part of the sandboxes that are to stay bound to a version.</summary>
    /// <param name="bytes">An example of its runs, a <see cref="RunOrder"/>.</param>
    public async Task KeepAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var order = RunOrder.Read(new ReadOnlySequence<byte>(bytes));
            if (await CodeAsync(order.Version, CancellationToken.None) is { } code)
            {
                var (number, settings) = (order.Version.Number, order.Version.Settings);
                var run = VersionRun.Of(options, order.Path, number, settings, code, order.Arguments, stream: false, order.IsLatest);
                warm.Note(run, () => bytes);
                runner.KeepWarm(run);
            }
        }
        catch (Exception failed) when (failed is FormatException or JsonException)
        {
            LogNotKept(failed);
        }
    }

    /// <summary>The id by which this node's pool knows a run; null: it does not know it yet, or no more.</summary>
    public string? IdOf(IActorRef origin, long number) => _open.GetValueOrDefault((origin, number)).Id;

    /// <summary>No caller waits for a run any more.</summary>
    public void Abandon(IActorRef origin, long number)
    {
        if (_open.TryGetValue((origin, number), out var run))
        {
            Cancel(run.Ended);
        }
    }

    /// <summary>A node is gone, and so are the callers of its runs.</summary>
    public void Abandon(Address gone)
    {
        foreach (var ((origin, _), run) in _open)
        {
            if (origin.Path.Address == gone)
            {
                Cancel(run.Ended);
            }
        }
    }

    // What the origin is told, and what its cost will be, if the reply says that it follows.
    private async Task<(IOfForwardedRun? Reply, Task<Usage>? Cost)> RunAsync(
        ForwardRun forward, IActorRef origin, IActorRef self, CancellationTokenSource ended)
    {
        var order = RunOrder.Read(await parcels.UnpackAsync(forward.Order, ended.Token));
        if (await CodeAsync(order.Version, ended.Token) is not { } code)
        {
            return (new RunDeclined(forward.Number), null);
        }

        var sink = order.Stream
            ? new ForwardedSink(
                (started, output) => origin.Tell(new RunStreams(forward.Number, started.Warmth, output), self),
                () => Cancel(ended),
                materializer,
                ended.Token)
            : null;
        var found = new FoundScript(order.Version, code) { IsLatest = order.IsLatest };
        var arguments = order.Arguments with { RunId = RunIds.Next(order.Arguments.CallId) };
        _open[(origin, forward.Number)] = (ended, arguments.RunId);
        try
        {
            var result = await runScript.ExecuteAsync(order.Path, found, arguments, sink, ended.Token);
            return (await ReplyAsync(forward.Number, result), (result as RunFinished)?.Measured);
        }
        finally
        {
            sink?.Complete();
            await (sink?.Sent ?? Task.CompletedTask);
        }
    }

    private async Task<IOfForwardedRun?> ReplyAsync(long number, RunResult result) => result switch
    {
        RunNotTaken => new RunDeclined(number),
        RunFinished { Streamed: true } => null,
        RunFinished finished => await ReplyAsync(number, finished.Outcome, costFollows: finished.Measured is not null),
        _ => throw new InvalidOperationException($"A run has the result {result.GetType().Name}."),
    };

    private async Task<RunReplied> ReplyAsync(long number, Outcome outcome, bool costFollows) =>
        new(number, await parcels.PackAsync(RunOutcome.ToBytes(outcome, costFollows)));

    private async Task<ScriptCode?> CodeAsync(ScriptVersion version, CancellationToken cancellation)
    {
        try
        {
            return await codes.GetAsync(version.Language, version.CodeHash, cancellation);
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private static async Task<Usage> KnownAsync(Task<Usage> cost)
    {
        await ((Task)cost.WaitAsync(s_costPatience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return cost.IsCompletedSuccessfully ? cost.Result : Usage.None;
    }

    private static void Cancel(CancellationTokenSource run)
    {
        try
        {
            run.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended at the same time.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Another node has told of a version to keep warm in a form that this one does not know.")]
    private partial void LogNotKept(Exception failed);

    [LoggerMessage(LogLevel.Error, "Run {Number} of the node at {Origin} failed.")]
    private partial void LogFailed(Exception failed, long number, Address origin);
}
