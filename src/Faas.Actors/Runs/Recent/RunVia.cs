using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs.Recent;

/// <summary>By which door a call came that asked for a run, or what else has started it: <c>via</c> on the wire.</summary>
[JsonConverter(typeof(WireNameConverter<RunVia>))]
public enum RunVia
{
    /// <summary><c>POST /run/{path}</c>.</summary>
    [JsonStringEnumMemberName("run")]
    Run,

    /// <summary><c>POST /run-now</c>.</summary>
    [JsonStringEnumMemberName("run_now")]
    RunNow,

    /// <summary>An HTTP function, <c>/http/{path}</c>.</summary>
    [JsonStringEnumMemberName("function")]
    Function,

    /// <summary>A tool of <c>/mcp</c>.</summary>
    [JsonStringEnumMemberName("tool")]
    Tool,

    /// <summary>A schedule.</summary>
    [JsonStringEnumMemberName("schedule")]
    Schedule,
}
