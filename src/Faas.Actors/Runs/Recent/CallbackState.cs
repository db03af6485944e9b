using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs.Recent;

/// <summary>How far the callback of a kept run has come, in one word.</summary>
[JsonConverter(typeof(WireNameConverter<CallbackState>))]
public enum CallbackState
{
    /// <summary>The run has not ended, or the receiver has not taken the callback yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The receiver has answered 2xx.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>The last attempt has failed too, or the receiver has answered 410. It is sent again if a caller asks for it.</summary>
    [JsonStringEnumMemberName("dead")]
    Dead,

    /// <summary>The run has ended otherwise than the call wanted to be told.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}
