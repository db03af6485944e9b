using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs.Recent;

/// <summary>How far a run has come: <c>state</c> on the wire.</summary>
[JsonConverter(typeof(WireNameConverter<RunStage>))]
public enum RunStage
{
    /// <summary>It waits for a sandbox.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>A sandbox has it.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It is kept, and waits in the queue of asynchronous runs.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>It is over, or was refused.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,
}
