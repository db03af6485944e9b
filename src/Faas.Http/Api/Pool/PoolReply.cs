using System.Text.Json.Serialization;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Http.Api.Health;
using Faas.Http.Wire;

namespace Faas.Http.Api.Pool;

/// <summary>The answer of <c>GET /api/v1/pool</c>.</summary>
/// <param name="Counts">The pool in numbers.</param>
/// <param name="Sandboxes">The living sandboxes, the oldest first.</param>
/// <param name="Runs">The runs that wait or are executed, the oldest first.</param>
public sealed record PoolReply(PoolCounts Counts, IReadOnlyList<SandboxReply> Sandboxes, IReadOnlyList<RunReply> Runs)
{
    /// <summary>The same for a client.</summary>
    public static PoolReply Of(PoolView view) => new(
        PoolCounts.Of(view.Status),
        [.. view.Sandboxes.Select(sandbox => SandboxReply.Of(sandbox, view.Origin))],
        [.. view.Runs.Select(run => RunReply.Of(run, view.Origin))]);
}

/// <summary>One sandbox.</summary>
/// <param name="Name">Its name in the log.</param>
/// <param name="Image">What it was started as: <c>node</c> or <c>python</c>, and the key that it is for.</param>
/// <param name="State">What the pool has it for.</param>
/// <param name="Since">Since when it is that.</param>
/// <param name="MemoryBytes">The memory that it holds, as far as it is measured.</param>
/// <param name="Uses">How many runs it has got.</param>
/// <param name="Path">The script whose run it got last, or <c>/run-now</c>; absent: it got none.</param>
/// <param name="Version">The version of that script; absent: the code is not stored.</param>
/// <param name="Runs">How many runs it executes.</param>
public sealed record SandboxReply(
    string Name,
    string Image,
    FleetStage State,
    DateTime Since,
    long MemoryBytes,
    long Uses,
    [property: JsonConverter(typeof(PlainTextConverter))] string? Path,
    long? Version,
    int Runs)
{
    /// <summary>The same for a client, whose clock showed <paramref name="origin"/> when the pool's began.</summary>
    public static SandboxReply Of(SandboxView view, DateTimeOffset origin) => new(
        view.Name,
        view.Image.Name,
        view.Stage,
        (origin + view.Since).UtcDateTime,
        view.MemoryBytes,
        view.Uses,
        view.Queue,
        view.Version,
        view.Runs);
}

/// <summary>One run.</summary>
/// <param name="Id">Its name: the call's id, and a number.</param>
/// <param name="Path">The script, or <c>/run-now</c>.</param>
/// <param name="Version">The version; absent: the code is not stored.</param>
/// <param name="Mode">Whether the code runs, or is checked for an upload.</param>
/// <param name="Since">When it began to wait, or a sandbox got it.</param>
/// <param name="Sandbox">The sandbox that executes it; absent: it waits.</param>
public sealed record RunReply(
    string Id,
    [property: JsonConverter(typeof(PlainTextConverter))] string Path,
    long? Version,
    RunMode Mode,
    DateTime Since,
    string? Sandbox)
{
    /// <summary>The same for a client, whose clock showed <paramref name="origin"/> when the pool's began.</summary>
    public static RunReply Of(RunView view, DateTimeOffset origin) =>
        new(view.RunId, view.Queue, view.Version, view.Mode, (origin + view.Since).UtcDateTime, view.Sandbox);
}

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PoolReply))]
[JsonSerializable(typeof(PoolEvent))]
internal sealed partial class PoolJson : JsonSerializerContext;
