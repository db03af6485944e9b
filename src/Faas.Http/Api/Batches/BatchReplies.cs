using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Recent;
using Faas.Http.Api.Runs.Recent;
using Faas.Http.Wire;

namespace Faas.Http.Api.Batches;

/// <summary>The answer (202) to a batch whose runs wait for their turns.</summary>
/// <param name="Id">The id of the batch, by which its record is found.</param>
/// <param name="Path">The script.</param>
/// <param name="Version">The version that its runs run.</param>
/// <param name="Count">How many runs it has.</param>
/// <param name="State">How far it has come.</param>
public sealed record AcceptedBatchReply(
    string Id, [property: JsonConverter(typeof(PlainTextConverter))] string Path, long Version, int Count, RunStage State)
{
    /// <summary>Writes it.</summary>
    public static async Task WriteAsync(HttpContext context, AcceptedBatchReply reply)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(reply, BatchesJson.Default.AcceptedBatchReply);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

/// <summary>The record of a batch.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Path">The script.</param>
/// <param name="Version">The version that its runs run.</param>
/// <param name="State">queued: none of its runs has begun; running; ended: all have ended.</param>
/// <param name="Received">When its call came, UTC.</param>
/// <param name="Priority">The priority of its runs.</param>
/// <param name="Count">How many runs it has.</param>
/// <param name="Queued">How many of them wait.</param>
/// <param name="Running">How many a server has taken.</param>
/// <param name="Ended">How many have ended.</param>
/// <param name="Reasons">How many have ended for which reason, as the records of runs say it.</param>
public sealed record BatchReply(
    string Id,
    [property: JsonConverter(typeof(PlainTextConverter))] string Path,
    long Version,
    RunStage State,
    DateTime Received,
    int Priority,
    int Count,
    int Queued,
    int Running,
    int Ended,
    IReadOnlyDictionary<string, int> Reasons)
{
    /// <summary>The alias that the call has named.</summary>
    public string? Alias { get; init; }

    /// <summary>The name of the caller's key.</summary>
    public string? Key { get; init; }

    /// <summary>No run starts before this time, UTC.</summary>
    public DateTime? NotBefore { get; init; }

    /// <summary>When a server took the first of its runs, UTC.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>When the last of its runs ended, UTC.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>The same for a client.</summary>
    public static BatchReply Of(Batch batch) => new(
        batch.Id,
        batch.Call.Path,
        batch.Call.Version,
        batch.Stage,
        batch.Call.Received.UtcDateTime,
        batch.Call.Priority,
        batch.Count,
        batch.Queued,
        batch.Running,
        batch.Ended,
        new SortedDictionary<string, int>(batch.Reasons.ToDictionary(), StringComparer.Ordinal))
    {
        Alias = batch.Call.Alias,
        Key = batch.Call.Key,
        NotBefore = batch.Call.NotBefore?.UtcDateTime,
        StartedAt = batch.StartedAt?.UtcDateTime,
        EndedAt = batch.EndedAt?.UtcDateTime,
    };
}

/// <summary>A page of batches, the newest first.</summary>
/// <param name="Batches">The batches.</param>
/// <param name="Next">The <c>after</c> of the next page; left out: this is the last one.</param>
public sealed record BatchPageReply(IReadOnlyList<BatchReply> Batches, string? Next);

/// <summary>What came of one input of a batch.</summary>
/// <param name="Index">Which input, from 0.</param>
/// <param name="Run">The id of its run.</param>
/// <param name="State">queued, running or ended; or gone: the run has ended, and its record is not kept any more.</param>
public sealed record BatchResultReply(int Index, string Run, string State)
{
    private const string Gone = "gone";

    /// <summary>How the run ended, as the records of runs say it; left out: it has not, or is gone.</summary>
    public string? Reason { get; init; }

    /// <summary>What it returned; left out: nothing, or the value is not kept.</summary>
    public RawJson? Result { get; init; }

    /// <summary>What kind of value it returned.</summary>
    public DataType? Type { get; init; }

    /// <summary>The value is longer than what is kept; left out: it is not.</summary>
    public bool? ResultCut { get; init; }

    /// <summary>Of a run that has failed: one line about its end.</summary>
    public string? Detail { get; init; }

    /// <summary>What the script threw, or where it does not compile.</summary>
    public RunErrorReply? Error { get; init; }

    /// <summary>The same for a client.</summary>
    public static BatchResultReply Of(BatchRun one) => one.Run is not { } run
        ? new BatchResultReply(one.Index, one.Id, Gone)
        : new BatchResultReply(one.Index, one.Id, run.Stage.ToWire())
        {
            Reason = run.End?.Reason,
            Result = RawJson.Of(run.Result),
            Type = run.End?.Type,
            ResultCut = run.End?.ResultCut,
            Detail = run.End?.Detail,
            Error = run.End?.Error is { } error ? RunErrorReply.Of(error) : null,
        };
}

/// <summary>A page of results, in the order of the inputs.</summary>
/// <param name="Results">The results.</param>
/// <param name="Next">The <c>after</c> of the next page; left out: this is the last one.</param>
public sealed record BatchResultPageReply(IReadOnlyList<BatchResultReply> Results, string? Next);

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AcceptedBatchReply))]
[JsonSerializable(typeof(BatchReply))]
[JsonSerializable(typeof(BatchPageReply))]
[JsonSerializable(typeof(BatchResultReply))]
[JsonSerializable(typeof(BatchResultPageReply))]
internal sealed partial class BatchesJson : JsonSerializerContext;
