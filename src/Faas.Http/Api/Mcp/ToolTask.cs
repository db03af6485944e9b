using System.Globalization;
using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Http.Api.Mcp;

/// <summary>A kept run as a task of the protocol.</summary>
internal static class ToolTask
{
    private const int PollMilliseconds = 1000;
    private const string Completed = "completed", Failed = "failed", Cancelled = "cancelled", Working = "working";
    private const string Waits = "The run waits for its turn.";

    /// <summary>The task that a run is.</summary>
    public static JsonObject Of(KeptRun run) =>
        Of(run.Id, StatusOf(run), MessageOf(run), run.Call.Received, run.Ended ?? run.Taken ?? run.Call.Received, run.Call.TaskTtl ?? 0);

    /// <summary>The task of a run that was accepted just now.</summary>
    /// <param name="id">The run.</param>
    /// <param name="received">When its call came.</param>
    /// <param name="ttl">How long after that it is a task, in milliseconds.</param>
    public static JsonObject Of(string id, DateTimeOffset received, long ttl) => Of(id, Working, Waits, received, received, ttl);

    /// <summary>Whether the run was cancelled.</summary>
    public static bool IsCancelled(KeptRun run) => StatusOf(run) == Cancelled;

    private static JsonObject Of(string id, string status, string? message, DateTimeOffset created, DateTimeOffset updated, long ttl)
    {
        var task = new JsonObject { ["taskId"] = id, ["status"] = status };
        if (message is not null)
        {
            task["statusMessage"] = message;
        }

        task["createdAt"] = TextOf(created);
        task["lastUpdatedAt"] = TextOf(updated);
        task["ttl"] = ttl;
        task["pollInterval"] = PollMilliseconds;
        return task;
    }

    // A value that was not kept cannot be told, so such a call has failed for its client.
    private static string StatusOf(KeptRun run) => run.End is not { } end ? Working
        : end.IsOk ? (end.ResultCut == true ? Failed : Completed)
        : end.Reason == Reason.Cancelled.ToWire() ? Cancelled
        : Failed;

    private static string? MessageOf(KeptRun run) => run switch
    {
        { Stage: RunStage.Queued } => Waits,
        { End: null } => "The run is executed.",
        { End.ResultCut: true } => "The value is too long, and was not kept.",
        { End: { IsOk: true } } => null,
        { End: var end } => end.Detail ?? end.Reason,
    };

    private static string TextOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
