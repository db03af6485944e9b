using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>What the pool has a sandbox for, in the usual order. <see cref="PoolStatus"/> counts the sandboxes by it.</summary>
[JsonConverter(typeof(WireNameConverter<FleetStage>))]
public enum FleetStage
{
    /// <summary>Its runtime has not said that it is ready.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    /// <summary>Ready, bound to nothing.</summary>
    [JsonStringEnumMemberName("spare")]
    Spare,

    /// <summary>Executing a run.</summary>
    [JsonStringEnumMemberName("busy")]
    Busy,

    /// <summary>Bound, without a run.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    /// <summary>Told to end, or failed to start. It takes up a slot until it is gone.</summary>
    [JsonStringEnumMemberName("closing")]
    Closing,
}
