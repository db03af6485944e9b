using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>Makes kept runs of what Redis holds. A run of a form that this server does not know is none.</summary>
internal static class KeptFields
{
    /// <summary>The fields of which <see cref="RunOf(string, RedisValue[])"/> makes a run.</summary>
    public static RedisValue[] Facts { get; } =
    [
        "form", "state", "number", "seat", "attempt", "taken", "ended", "call", "end", "lines", "redriven", "failure", "failedAt",
        "retryAt", "next", "nextRefused", "callback", "tries", "answer", "due",
    ];

    /// <summary>The fields of which <see cref="WithValueOf"/> makes a run.</summary>
    public static RedisValue[] WithValue { get; } = [.. Facts, "result"];

    /// <summary>All of them: also the input.</summary>
    public static RedisValue[] All { get; } = [.. WithValue, "input"];

    /// <summary>A run with its value; null: it was forgotten, or has another form.</summary>
    public static KeptRun? WithValueOf(string id, RedisValue[] fields) => RunOf(id, fields) is { } run
        ? run with { Result = (byte[]?)fields[Facts.Length] ?? [] }
        : null;

    /// <summary>A run; null: it was forgotten, or has another form.</summary>
    public static KeptRun? RunOf(string id, RedisValue[] fields) =>
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

    /// <summary>The pieces of an output.</summary>
    public static List<KeptPiece> PiecesOf(StreamEntry[] entries) =>
    [
        .. entries.Select(entry => new KeptPiece(NumberOf(entry), (int)entry["size"], KeptJson.LinesOf((byte[])entry["lines"]!))),
    ];

    // Without the "-0" behind it.
    private static long NumberOf(StreamEntry entry) =>
        long.Parse($"{entry.Id}".AsSpan(..^2), NumberStyles.None, CultureInfo.InvariantCulture);
}
