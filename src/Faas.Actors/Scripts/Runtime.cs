using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>A language host: one zygote program. Node runs JavaScript and TypeScript.</summary>
[JsonConverter(typeof(WireNameConverter<Runtime>))]
public enum Runtime
{
    /// <summary>runtimes/node.</summary>
    [JsonStringEnumMemberName("node")]
    Node,

    /// <summary>runtimes/python.</summary>
    [JsonStringEnumMemberName("python")]
    Python,
}
