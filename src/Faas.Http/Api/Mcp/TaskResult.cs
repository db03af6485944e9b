using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Http.Api.Runs;
using ModelContextProtocol.Protocol;

namespace Faas.Http.Api.Mcp;

/// <summary>What a call of a tool would have been answered that had waited for its run, made of the record.</summary>
internal static class TaskResult
{
    /// <summary>The result.</summary>
    /// <param name="run">The run with its value and output; it has ended.</param>
    public static CallToolResult Of(KeptRun run) =>
        run.End!.ResultCut == true ? ToolResults.Of(EndedReply.NotKept(run), isStructured: false)
        : WireNames.TryParse<Reason>(run.End.Reason, out var reason) ? ToolResults.OfScript(EndedReply.OutcomeOf(reason, run))
        : ToolResults.Of(EndedReply.ProblemOf(run.End), isStructured: false);
}
