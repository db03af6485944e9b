using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Schedules;

/// <summary>What becomes of a fire while the run of the schedule's last fire has not ended.</summary>
[JsonConverter(typeof(WireNameConverter<OverlapRule>))]
public enum OverlapRule
{
    /// <summary>There is no new run.</summary>
    [JsonStringEnumMemberName("skip")]
    Skip,

    /// <summary>The new run waits in the queue as any other.</summary>
    [JsonStringEnumMemberName("queue")]
    Queue,

    /// <summary>The last run is cancelled, and the new one begins after its end.</summary>
    [JsonStringEnumMemberName("cancel")]
    Cancel,
}
