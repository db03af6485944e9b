using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>What a run shares with earlier ones of the same version.</summary>
[JsonConverter(typeof(WireNameConverter<Isolation>))]
public enum Isolation
{
    /// <summary>Nothing: a sandbox of its own, destroyed afterwards.</summary>
    [JsonStringEnumMemberName("sandbox")]
    Sandbox,

    /// <summary>The walls; always a fresh process.</summary>
    [JsonStringEnumMemberName("process")]
    Process,

    /// <summary>The process: its globals, modules and files stay from call to call.</summary>
    [JsonStringEnumMemberName("shared")]
    Shared,
}
