using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>Where the sandbox of a run came from; <c>X-Start</c> on the wire.</summary>
[JsonConverter(typeof(WireNameConverter<Warmth>))]
public enum Warmth
{
    /// <summary>The sandbox was started for this run.</summary>
    [JsonStringEnumMemberName("cold")]
    Cold,

    /// <summary>The sandbox was ready, and this run bound it.</summary>
    [JsonStringEnumMemberName("spare")]
    Spare,

    /// <summary>The sandbox was already bound to this run's code.</summary>
    [JsonStringEnumMemberName("warm")]
    Warm,
}
