using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Kept runs in Redis. What changes is done by <see cref="KeptScripts"/>; what is read takes as many commands as it needs, so a list may
/// show a run as it was a moment before another one. A run of a form that this server does not know is not shown.
/// </summary>
public sealed class RedisKeptRuns(RedisConnection connection, StoreKeys keys, KeptRunsOptions options) : IKeptRuns
{
    private const int Looked = 500; // records a step of a list
    private const int MostSteps = 20;
    private const int CleanedAtOnce = 200;
    private const int ReadAtOnce = 100; // pieces of an output
    private static readonly RedisValue[] s_facts =
    [
        "form", "state", "number", "seat", "attempt", "taken", "ended", "call", "end", "lines", "redriven", "failure", "failedAt",
        "retryAt", "next", "nextRefused", "callback", "tries", "answer", "due",
    ];
    private static readonly RedisValue[] s_all = [.. s_facts, "result", "input"];
    private static readonly byte[] s_cancelled = KeptJson.BytesOf(KeptEnd.Cancelled);
    private static readonly byte[] s_cancelledBetween = KeptJson.BytesOf(KeptEnd.CancelledBetweenAttempts);

    /// <summary>The fields of which <see cref="WithValueOf"/> makes a run.</summary>
    internal static RedisValue[] WithValue { get; } = [.. s_facts, "result"];

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
    public async Task<KeptRun?> FindAsync(string id, CancellationToken cancellation)
    {
        var (fields, entries) = await connection.CallAsync(
            async database =>
            {
                var asked = database.HashGetAsync(RunKey(id), s_all);
                var output = database.StreamRangeAsync(LogKey(id));
                return (await asked, await output);
            },
            cancellation);
        return RunOf(id, fields) is not { } run ? null : (run with
        {
            Result = (byte[]?)fields[s_facts.Length] ?? [],
            Input = (byte[]?)fields[WithValue.Length] ?? [],
        }).With(PiecesOf(entries));
    }

    /// <inheritdoc/>
    public async Task<KeptRun?> LookAsync(string id, CancellationToken cancellation) =>
        RunOf(id, await connection.CallAsync(database => database.HashGetAsync(RunKey(id), s_facts), cancellation));

    /// <inheritdoc/>
    public async Task<KeptReading?> ReadAsync(string id, long after, CancellationToken cancellation)
    {
        // The run is read before its output, so all the output of a run that has ended is there. One command waits for no other.
        var (fields, entries) = await connection.CallAsync(
            async database =>
            {
                var asked = database.HashGetAsync(RunKey(id), WithValue);
                var output = database.StreamRangeAsync(LogKey(id), $"{after + 1}-0", count: ReadAtOnce);
                return (await asked, await output);
            },
            cancellation);
        if (WithValueOf(id, fields) is not { } run)
        {
            return null;
        }

        var pieces = PiecesOf(entries);
        var next = pieces.Count > 0 ? pieces[0].First : run.Stage == RunStage.Ended ? run.Lines + 1 : after + 1;
        var isTrimmed = next > after + 1 && !(after > 0 && await HasUpToAsync(id, after, cancellation));
        return new KeptReading(run, pieces, entries.Length == ReadAtOnce, isTrimmed);
    }

    private async Task<bool> HasUpToAsync(string id, long number, CancellationToken cancellation) => await connection.CallAsync(
        async database => await database.StreamRangeAsync(LogKey(id), maxId: $"{number}-0", count: 1) is [_, ..], cancellation);

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<KeptRun> Runs, long? Next)> PageAsync(
        RunFilter filter, int most, long? before, CancellationToken cancellation)
    {
        var page = new List<KeptRun>();
        for (var step = 0; step < MostSteps; step++)
        {
            var looked = await StepAsync(before, cancellation);
            foreach (var run in looked.Select(one => one.Run).OfType<KeptRun>().Where(run => filter.Includes(run.Facts)))
            {
                if (page.Count == most)
                {
                    return (page, page[^1].Number);
                }

                page.Add(run);
            }

            if (looked.Count < Looked)
            {
                return (page, null);
            }

            before = looked[^1].Number;
        }

        return (page, before);
    }

    /// <inheritdoc/>
    public async Task<KeptLevels> LevelsAsync(CancellationToken cancellation)
    {
        var reply = await connection.EvaluateAsync(keys, KeptLevelScripts.Levels, cancellation);
        var asked = (byte[])reply[6]!;
        return new KeptLevels(
            (long)reply[0],
            (long)reply[1],
            asked.Length == 0 ? null : WaitOf(KeptJson.CallOf(asked), TimeAt(reply[7]), TimeAt(reply[5])),
            (long)reply[2],
            (long)reply[3],
            (long)reply[4]);
    }

    // The clock of the server that has received the call may be ahead of that of the store.
    private static TimeSpan WaitOf(KeptCall call, DateTimeOffset retryAt, DateTimeOffset now)
    {
        var since = new[] { call.Received, call.NotBefore ?? call.Received, retryAt }.Max();
        var waited = now - since;
        return waited > TimeSpan.Zero ? waited : TimeSpan.Zero;
    }

    private static DateTimeOffset TimeAt(RedisResult milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    /// <inheritdoc/>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        var age = (long)options.MaxAge.TotalMilliseconds;
        while ((int)await connection.EvaluateAsync(keys, KeptScripts.Clean, cancellation, age, CleanedAtOnce) == CleanedAtOnce)
        {
            // There may be more.
        }
    }

    private async Task<IReadOnlyList<(KeptRun? Run, long Number)>> StepAsync(long? before, CancellationToken cancellation) =>
        await connection.CallAsync(
            async database =>
            {
                var entries = await database.SortedSetRangeByScoreWithScoresAsync(
                    $"{keys.Kept}all",
                    double.NegativeInfinity,
                    before ?? double.PositiveInfinity,
                    before is null ? Exclude.None : Exclude.Stop,
                    Order.Descending,
                    0,
                    Looked);
                var fields = await Task.WhenAll(entries.Select(entry => database.HashGetAsync(RunKey($"{entry.Element}"), s_facts)));
                return entries.Select((entry, at) => (RunOf($"{entry.Element}", fields[at]), (long)entry.Score)).ToList();
            },
            cancellation);

    /// <summary>A run with its value; null: it was forgotten, or has another form.</summary>
    internal static KeptRun? WithValueOf(string id, RedisValue[] fields) => RunOf(id, fields) is { } run
        ? run with { Result = (byte[]?)fields[s_facts.Length] ?? [] }
        : null;

    // Null: it was forgotten meanwhile, or has another form.
    private static KeptRun? RunOf(string id, RedisValue[] fields) =>
        fields[0].IsNull || (int)fields[0] != KeptJson.Form ? null : RunOf(id, KeptJson.CallOf((byte[])fields[7]!), fields);

    private static KeptRun RunOf(string id, KeptCall call, RedisValue[] fields) =>
        new(id, (long)fields[2], call, StageOf($"{fields[1]}"))
        {
            Node = fields[3].IsNull ? null : KeptSeat.Parse($"{fields[3]}")?.Node,
            Attempt = (int)fields[4],
            Taken = TimeOf(fields[5]),
            Ended = TimeOf(fields[6]),
            End = fields[8].IsNull ? null : KeptJson.EndOf((byte[])fields[8]!),
            Lines = fields[9].IsNull ? 0 : (long)fields[9],
            RedrivenBy = (string?)fields[10],
            Failure = fields[11].IsNull ? null : KeptJson.FailureOf((byte[])fields[11]!) with { At = TimeOf(fields[12])!.Value },
            RetryAt = TimeOf(fields[13]),
            Next = (string?)fields[14],
            NextRefused = (string?)fields[15],
            Callback = call.Callback is null ? null : DeliveryOf(fields),
        };

    private static CallbackDelivery DeliveryOf(RedisValue[] fields) => fields[16].IsNull
        ? CallbackDelivery.Waiting
        : new CallbackDelivery(
            WireNames.TryParse<CallbackState>((string?)fields[16], out var state)
                ? state
                : throw new StoreException($"A callback has the state \"{fields[16]}\", which no server writes."),
            (int)fields[17],
            fields[18].IsNull ? null : KeptJson.AnswerOf((byte[])fields[18]!),
            TimeOf(fields[19]));

    private static RunStage StageOf(string state) => state switch
    {
        "queued" => RunStage.Queued,
        "running" => RunStage.Running,
        "ended" => RunStage.Ended,
        _ => throw new StoreException($"A kept run has the state \"{state}\", which no server writes."),
    };

    private static DateTimeOffset? TimeOf(RedisValue milliseconds) =>
        milliseconds.IsNull ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    private static List<(KeptSeat Seat, string Id)> Seated(IEnumerable<(string Seat, string Id)> entries) =>
        [.. from entry in entries let seat = KeptSeat.Parse(entry.Seat) where seat is not null select (seat, entry.Id)];

    private static RedisValue LinesOf(KeptOutcome outcome) => outcome.Output.Lines ?? RedisValue.EmptyString;

    private static IEnumerable<RedisValue> ValuesOf(IReadOnlyList<KeptPiece> pieces) =>
        pieces.SelectMany(piece => (RedisValue[])[piece.Last, piece.Bytes, KeptJson.BytesOf(piece.Lines)]);

    private static List<KeptPiece> PiecesOf(StreamEntry[] entries) =>
    [
        .. entries.Select(entry => new KeptPiece(NumberOf(entry), (int)entry["size"], KeptJson.LinesOf((byte[])entry["lines"]!))),
    ];

    // Without the "-0" behind it.
    private static long NumberOf(StreamEntry entry) =>
        long.Parse($"{entry.Id}".AsSpan(..^2), NumberStyles.None, CultureInfo.InvariantCulture);

    private string RunKey(string id) => $"{keys.Kept}run:{id}";

    private string LogKey(string id) => $"{keys.Kept}log:{id}";
}
