using System.Text.Json.Serialization;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Scripts;

namespace Faas.Http.Api.Health;

/// <summary>The answer of <c>/healthz</c>.</summary>
/// <param name="Status">Always <c>alive</c>.</param>
public sealed record HealthReply(string Status);

/// <summary>The answer of <c>/readyz</c>.</summary>
/// <param name="Status"><c>ready</c> or <c>not ready</c>.</param>
/// <param name="Limits">Where the limits of sandboxes come from; absent: not known.</param>
/// <param name="Launch">How sandboxes are started: <c>fork</c> or <c>exec</c>; absent: not known.</param>
/// <param name="Durability">What an acknowledged upload survives; absent: the store does not answer.</param>
/// <param name="Checks">Each check's name, and <c>ok</c> or why it failed.</param>
/// <param name="Pool">The pool in numbers; absent: it did not reply.</param>
public sealed record ReadinessReply(
    string Status,
    string? Limits,
    string? Launch,
    StoreDurability? Durability,
    IReadOnlyDictionary<string, string> Checks,
    PoolCounts? Pool);

/// <summary>The pool in numbers.</summary>
/// <param name="Starting">Sandboxes whose runtime is not up yet.</param>
/// <param name="Spare">Ready, bound to nothing.</param>
/// <param name="Idle">Bound, without a run.</param>
/// <param name="Busy">With a run.</param>
/// <param name="Waiting">Runs in the queue.</param>
/// <param name="HeldBytes">Memory that sandboxes and mothers hold.</param>
/// <param name="MemoryBytes">Memory that they may hold, <c>faas.pool.memory</c>.</param>
public sealed record PoolCounts(int Starting, int Spare, int Idle, int Busy, int Waiting, long HeldBytes, long MemoryBytes)
{
    /// <summary>The same for a client.</summary>
    public static PoolCounts Of(PoolStatus pool) =>
        new(pool.Starting, pool.Spare, pool.Idle, pool.Busy, pool.Waiting, pool.HeldBytes, pool.MostBytes);
}

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(ReadinessReply))]
internal sealed partial class HealthJson : JsonSerializerContext;
