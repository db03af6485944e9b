using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>What a sandbox does with the code.</summary>
[JsonConverter(typeof(WireNameConverter<RunMode>))]
public enum RunMode
{
    /// <summary>Run the script.</summary>
    [JsonStringEnumMemberName("execute")]
    Execute,

    /// <summary>Compile the script and report syntax errors. No statement of the script runs.</summary>
    [JsonStringEnumMemberName("check")]
    Check,
}
