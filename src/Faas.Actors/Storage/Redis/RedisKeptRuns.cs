using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Kept runs in Redis. What changes is done by <see cref="KeptScripts"/>; what is read takes as many commands as it needs, so a list may
/// show a run as it was a moment before another one. <see cref="KeptFields"/> makes runs of what is stored.
/// </summary>
public sealed partial class RedisKeptRuns(RedisConnection connection, StoreKeys keys, KeptRunsOptions options) : IKeptRuns
{
    private const int CleanedAtOnce = 200;
    private static readonly byte[] s_cancelled = KeptJson.BytesOf(KeptEnd.Cancelled);
    private static readonly byte[] s_cancelledBetween = KeptJson.BytesOf(KeptEnd.CancelledBetweenAttempts);

    /// <inheritdoc/>
    public async Task<KeptAcceptance> AcceptAsync(
        string id, KeptCall asked, ReadOnlyMemory<byte> input, CancellationToken cancellation) =>
        (KeptAcceptance)(int)await connection.EvaluateAsync(keys, KeptScripts.Accept, cancellation, Accepted(id, asked, input, options));

    /// <inheritdoc/>
    public async Task<KeptClaim> ClaimAsync(
        string id, KeptOnce? once, KeptCall asked, ReadOnlyMemory<byte> input, KeptSeat? seat, CancellationToken cancellation)
    {
        var reply = await connection.EvaluateAsync(
            keys,
            KeptScripts.Claim, cancellation, [.. Accepted(id, asked, input, options), once?.Name ?? "", once?.Print ?? "", $"{seat}"]);
        return reply.Resp2Type == ResultType.Integer
            ? new KeptClaim((KeptAcceptance)(int)reply, id, IsSame: true)
            : new KeptClaim(KeptAcceptance.Accepted, (string)reply[0]!, once is null || (string?)reply[1] == once.Print);
    }

    /// <inheritdoc/>
    public async Task<KeptClaim> RedriveAsync(
        string old, string id, KeptCall asked, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var reply = await connection.EvaluateAsync(keys, KeptScripts.Redrive, cancellation, [.. Accepted(id, asked, input, options), old]);
        return reply.Resp2Type == ResultType.Integer
            ? new KeptClaim((KeptAcceptance)(int)reply, id, IsSame: true)
            : new KeptClaim(KeptAcceptance.Accepted, (string)reply!, IsSame: true);
    }

    /// <inheritdoc/>
    public Task WithdrawAsync(KeptSeat seat, string id, CancellationToken cancellation) =>
        connection.EvaluateAsync(keys, KeptScripts.Withdraw, cancellation, seat.ToString(), id);

    /// <summary>What <see cref="KeptScripts.Accepting"/> takes.</summary>
    internal static RedisValue[] Accepted(string id, KeptCall asked, ReadOnlyMemory<byte> input, KeptRunsOptions options) =>
    [
        id,
        asked.Path,
        KeptCall.HighestPriority - asked.Priority,
        asked.NotBefore?.ToUnixTimeMilliseconds() ?? 0,
        options.QueuePerPath,
        options.Queue,
        options.StoreBytes,
        KeptJson.Form,
        KeptJson.BytesOf(asked),
        input,
    ];

    /// <inheritdoc/>
    public Task KeepAsync(
        string id,
        KeptCall asked,
        ReadOnlyMemory<byte> input,
        string node,
        KeptOutcome outcome,
        CancellationToken cancellation) => connection.EvaluateAsync(
            keys,
            KeptScripts.Keep,
            cancellation,
            [
                id,
                asked.Path,
                KeptJson.Form,
                KeptJson.BytesOf(asked),
                input,
                KeptJson.BytesOf(outcome.End),
                outcome.Result,
                options.Count,
                options.StoreBytes,
                new KeptSeat(node, "", 0).ToString(),
                outcome.End.Start is null ? 0 : 1,
                LinesOf(outcome),
                options.LogBytes,
                .. ValuesOf(outcome.Output.Pieces),
            ]);

    /// <inheritdoc/>
    public async Task<KeptTurn> TakeAsync(KeptSeat seat, CancellationToken cancellation)
    {
        var reply = await connection.EvaluateAsync(keys, KeptScripts.Take, cancellation, seat.ToString());
        if (reply.Resp2Type == ResultType.Integer)
        {
            var wait = (long)reply;
            return new KeptTurn(null, wait < 0 ? null : TimeSpan.FromMilliseconds(wait));
        }

        try
        {
            return new KeptTurn(TakenBy(seat, reply), null);
        }
        catch (StoreException)
        {
            await ReturnAsync(seat, (string)reply[0]!, cancellation);
            throw;
        }
    }

    private static KeptRun TakenBy(KeptSeat seat, RedisResult reply) => (int)reply[4] != KeptJson.Form
        ? throw new StoreException($"The kept run {reply[0]} has a form that this server does not know.")
        : new KeptRun((string)reply[0]!, (long)reply[3], KeptJson.CallOf((byte[])reply[1]!), RunStage.Running)
        {
            Node = seat.Node,
            Attempt = (int)reply[7],
            Returns = reply[6].IsNull ? 0 : (int)reply[6],
            Lines = reply[8].IsNull ? 0 : (long)reply[8],
            Taken = DateTimeOffset.FromUnixTimeMilliseconds((long)reply[5]),
            Input = (byte[])reply[2]!,
        };

    /// <inheritdoc/>
    public async Task<bool> EndAsync(KeptSeat seat, string id, KeptOutcome outcome, CancellationToken cancellation) =>
        (int)await connection.EvaluateAsync(
            keys,
            KeptScripts.End,
            cancellation,
            [
                seat.ToString(),
                id,
                KeptJson.BytesOf(outcome.End),
                outcome.Result,
                options.Count,
                options.StoreBytes,
                LinesOf(outcome),
                options.LogBytes,
                .. NextOf(outcome),
                .. ValuesOf(outcome.Output.Pieces),
            ]) == 1;

    // What KeptScripts.Accepting takes, or as many empty values; why there is no next run; and why the store does not accept it.
    private IEnumerable<RedisValue> NextOf(KeptOutcome outcome)
    {
        var accepted = outcome.Next is { } next
            ? Accepted(next.Id, next.Call, next.Input, options)
            : Enumerable.Repeat(RedisValue.EmptyString, KeptScripts.AcceptedValues);
        var refusals = (outcome.Next?.Refusals ?? ["", "", "", ""]).Skip(1).Select(text => (RedisValue)text);
        return [.. accepted, outcome.NextRefused ?? RedisValue.EmptyString, .. refusals];
    }

    /// <inheritdoc/>
    public async Task<KeptRetry> RetryAsync(
        KeptSeat seat, KeptRun run, KeptOutcome outcome, TimeSpan delay, CancellationToken cancellation) =>
        (KeptRetry)(int)await connection.EvaluateAsync(
            keys,
            KeptScripts.Retry,
            cancellation,
            [
                seat.ToString(),
                run.Id,
                run.Attempt,
                (long)delay.TotalMilliseconds,
                KeptJson.BytesOf(new KeptFailure(outcome.End.Reason, outcome.End.Detail)),
                KeptJson.BytesOf(outcome.End),
                options.Count,
                options.StoreBytes,
                LinesOf(outcome),
                options.LogBytes,
                .. ValuesOf(outcome.Output.Pieces),
            ]);

    /// <inheritdoc/>
    public async Task<bool> AppendAsync(
        KeptSeat seat, string id, IReadOnlyList<KeptPiece> pieces, CancellationToken cancellation) => (int)await connection.EvaluateAsync(
            keys,
            KeptScripts.Append, cancellation, [seat.ToString(), id, options.LogBytes, .. ValuesOf(pieces)]) == 1;

    /// <inheritdoc/>
    public Task ReturnAsync(KeptSeat seat, string id, CancellationToken cancellation) => connection.EvaluateAsync(
        keys, KeptScripts.Return, cancellation, seat.ToString(), id, s_cancelled, options.Count, options.StoreBytes, s_cancelledBetween);

    /// <inheritdoc/>
    public async Task<KeptCancellation> CancelAsync(string id, CancellationToken cancellation) =>
        (KeptCancellation)(int)await connection.EvaluateAsync(
        keys, KeptScripts.Cancel, cancellation, id, s_cancelled, options.Count, options.StoreBytes, s_cancelledBetween);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(KeptSeat Seat, string Id)>> RunningAsync(CancellationToken cancellation)
    {
        var running = await connection.CallAsync(database => database.HashGetAllAsync($"{keys.Kept}running"), cancellation);
        return Seated(running.Select(entry => ($"{entry.Name}", $"{entry.Value}")));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(KeptSeat Seat, string Id)>> MarkedAsync(CancellationToken cancellation)
    {
        var marked = await connection.CallAsync(database => database.HashGetAllAsync($"{keys.Kept}marked"), cancellation);
        return Seated(marked.Select(entry => ($"{entry.Value}", $"{entry.Name}")));
    }

    /// <inheritdoc/>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        var age = (long)options.MaxAge.TotalMilliseconds;
        while ((int)await connection.EvaluateAsync(keys, KeptScripts.Clean, cancellation, age, CleanedAtOnce) == CleanedAtOnce)
        {
            // There may be more.
        }
    }

    private static List<(KeptSeat Seat, string Id)> Seated(IEnumerable<(string Seat, string Id)> entries) =>
        [.. from entry in entries let seat = KeptSeat.Parse(entry.Seat) where seat is not null select (seat, entry.Id)];

    private static RedisValue LinesOf(KeptOutcome outcome) => outcome.Output.Lines ?? RedisValue.EmptyString;

    private static IEnumerable<RedisValue> ValuesOf(IReadOnlyList<KeptPiece> pieces) =>
        pieces.SelectMany(piece => (RedisValue[])[piece.Last, piece.Bytes, KeptJson.BytesOf(piece.Lines)]);

    private string RunKey(string id) => $"{keys.Kept}run:{id}";

    private string LogKey(string id) => $"{keys.Kept}log:{id}";
}
