using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>What a run shares with earlier runs of the same version.</summary>
[JsonConverter(typeof(WireNameConverter<Isolation>))]
public enum Isolation
{
    /// <summary>Nothing: a sandbox of its own, destroyed afterwards.</summary>
    [JsonStringEnumMemberName("sandbox")]
    Sandbox,

    /// <summary>The sandbox; each run has a fresh process in it.</summary>
    [JsonStringEnumMemberName("process")]
    Process,

    /// <summary>The process too: its globals, modules and files stay from run to run.</summary>
    [JsonStringEnumMemberName("shared")]
    Shared,
}
