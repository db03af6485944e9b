using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>Where the sandbox of a run came from; <c>X-Start</c> on the wire.</summary>
[JsonConverter(typeof(WireNameConverter<Warmth>))]
public enum Warmth
{
    /// <summary>One had to be started for it.</summary>
    [JsonStringEnumMemberName("cold")]
    Cold,

    /// <summary>A ready one, bound to the code by this call.</summary>
    [JsonStringEnumMemberName("spare")]
    Spare,

    /// <summary>One already bound to this code.</summary>
    [JsonStringEnumMemberName("warm")]
    Warm,
}
