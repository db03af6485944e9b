using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Functions;

/// <summary>
/// <c>ANY /http/{path}/{rest}</c>: a stored script answers the request itself. It gets the request as <c>event.http</c>, and its value is
/// the answer.
/// </summary>
public sealed class FunctionEndpoint(
    ScriptLookup scripts, RunScript runScript, RecentRuns recent, FunctionAccess access, AccessOptions options, HttpOptions http)
{
    // A page that a script makes has an origin of its own: it must not act on this server in the name of a person who is using it.
    private const string PagePolicy = "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts";

    /// <summary>Answers what the script says.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var caller = await access.CheckAsync(context);
        if (caller.Always is { } always)
        {
            await ProblemWriter.WriteAsync(context, always);
            return;
        }

        var (target, found, refusal) = await FindAsync(context, caller);
        if (refusal is not null)
        {
            await ProblemWriter.WriteAsync(context, refusal);
            return;
        }

        var record = CallRecord.Of(context);
        (record.Path, record.Version) = (target!.Path, found!.Version.Number);
        using var body = await RequestBody.ReadOpaqueAsync(context.Request, http);
        record.InputBytes = body.Bytes.Length;
        var input = FunctionEvent.Of(context.Request, target.Rest, body.Bytes, hideKey: caller.IsKeyOurs);
        if (input.Length > Run.MaxInputBytes)
        {
            throw new ProblemException(
                FaasProblems.TooLarge($"The request as JSON has {input.Length} bytes; allowed are {Run.MaxInputBytes}."));
        }

        var arguments = new RunArguments(context.TraceIdentifier, input, Key: caller.Key?.Name)
        {
            TraceParent = TraceContext.ParentOf(context.Request),
            Call = CallOfRun.Of(recent, context, RunVia.Function),
        };
        await WriteAsync(context, await runScript.ExecuteAsync(target.Path, found, arguments, null, context.RequestAborted));
    }

    // The longest path that a script has. A caller who may call nothing but public scripts is not told which others there are.
    private async Task<(FunctionTarget? Target, FoundScript? Found, Problem? Refusal)> FindAsync(HttpContext context, FunctionCaller caller)
    {
        foreach (var target in FunctionUrl.Candidates(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
        {
            var (found, refusal) = await scripts.FindToRunAsync(target.Path, VersionRef.Latest, headerOf: null, context.RequestAborted);
            if (found is not null)
            {
                return (target, found, caller.Refusal(target.Path, found.Version.Settings.Public is true));
            }

            if (refusal!.Reason != RefusalReason.NotFound)
            {
                var problem = FaasProblems.Of(refusal);
                return (null, null, refusal.Reason == RefusalReason.Disabled ? caller.UnlessPublic ?? problem : problem);
            }
        }

        return (null, null, caller.UnlessPublic ?? FaasProblems.NotFound($"No script answers {context.Request.Path}."));
    }

    private Task WriteAsync(HttpContext context, RunResult result)
    {
        var record = CallRecord.Of(context);
        if (result is not RunFinished { Outcome: var outcome, Measured: var measured })
        {
            return ProblemWriter.WriteAsync(context, FaasProblems.Of(((RunNotTaken)result).Refusal));
        }

        record.Take(outcome);
        record.Measured = measured;
        context.Response.SetOutcome(outcome);
        if (outcome is not { Reason: Reason.Ok, Data: { } data })
        {
            return ProblemWriter.WriteAsync(context, WithoutScriptsWords(FaasProblems.Of(outcome)));
        }

        try
        {
            return WriteAsync(context.Response, FunctionReply.Of(data));
        }
        catch (FunctionReplyException wrong)
        {
            return ProblemWriter.WriteAsync(context, FaasProblems.BadAnswer(wrong.Message));
        }
    }

    // The caller may be anyone: what the script printed or threw is for its author, who sees it by /run.
    private Problem WithoutScriptsWords(Problem problem) =>
        options.IsForThisMachineOnly
            ? problem
            : problem with { Error = null, Logs = null, Detail = $"The script ended with {problem.Reason}." };

    private static async Task WriteAsync(HttpResponse response, FunctionReply reply)
    {
        response.StatusCode = reply.Status;
        var headers = response.Headers;
        headers.Remove("Cross-Origin-Resource-Policy");
        headers.ContentType = reply.ContentType;
        foreach (var (name, values) in reply.Headers)
        {
            headers[name] = values;
        }

        headers.ContentSecurityPolicy = reply.Headers.Any(IsPagePolicy)
            ? StringValues.Concat(headers.ContentSecurityPolicy, PagePolicy)
            : PagePolicy;
        if (reply.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        response.ContentLength = reply.Body.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            await response.Body.WriteAsync(reply.Body, response.HttpContext.RequestAborted);
        }
    }

    private static bool IsPagePolicy(KeyValuePair<string, StringValues> header) =>
        header.Key.Equals(HeaderNames.ContentSecurityPolicy, StringComparison.OrdinalIgnoreCase);
}
