using Faas.Actors.Json;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using ModelContextProtocol;

namespace Faas.Http.Api.Mcp;

/// <content>How failures are told.</content>
public sealed partial class ToolTasks
{
    // What goes wrong is an error of the protocol, because no result of a tool could say it.
    private async Task<T> AnswerAsync<T>(HttpContext context, Func<Task<T>> answer)
    {
        var record = CallRecord.Of(context);
        try
        {
            return await answer();
        }
        catch (ProblemException wrong)
        {
            throw ErrorOf(record, wrong.Problem);
        }
        catch (StoreException)
        {
            throw ErrorOf(record, FaasProblems.Of(Refusal.StoreIsAway));
        }
        catch (McpProtocolException)
        {
            record.Reason ??= RefusalReason.Malformed.ToWire();
            throw;
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogFailed(failed, context.TraceIdentifier);
            throw ErrorOf(record, FaasProblems.Internal);
        }
    }

    private McpProtocolException ErrorOf(CallRecord record, Problem problem)
    {
        record.Reason = problem.Reason;
        record.Fault ??= problem.IsFaultOfTheServer ? problem.Detail : null;
        if (problem.Status == StatusCodes.Status429TooManyRequests)
        {
            meters.Throttled(problem.Reason);
        }

        var isWrong = problem.Status is >= 400 and < 500 and not StatusCodes.Status429TooManyRequests;
        return new McpProtocolException(problem.Detail, isWrong ? McpErrorCode.InvalidParams : McpErrorCode.InternalError);
    }

    [LoggerMessage(LogLevel.Error, "A task failed (call {CallId}).")]
    private partial void LogFailed(Exception failed, string callId);
}
