using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs.Output;

/// <summary>One of a script's two output streams.</summary>
[JsonConverter(typeof(WireNameConverter<OutputStream>))]
public enum OutputStream
{
    /// <summary>Descriptor 1.</summary>
    [JsonStringEnumMemberName("stdout")]
    Stdout,

    /// <summary>Descriptor 2.</summary>
    [JsonStringEnumMemberName("stderr")]
    Stderr,
}
