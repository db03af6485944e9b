using Faas.Actors.Runs.Recent;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;
using Microsoft.AspNetCore.Http.Features;

namespace Faas.Http.Api.Runs;

/// <summary><c>POST /run/{path}?version=</c>: run a stored script.</summary>
public sealed class RunEndpoint(
    ScriptLookup scripts,
    RunScript runScript,
    AsyncRun asyncRun,
    KeptCallRun keptRun,
    OnceCallRun onceRun,
    RecentRuns recent,
    HttpOptions options,
    RequestGate gate,
    HttpMeters meters)
{
    /// <summary>Answers <c>{"data","type"}</c> or an event stream; or 202 before the run begins, if the client prefers that.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (Reconnection.IsRefused(context))
        {
            return;
        }

        var path = ScriptUrl.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        CallRecord.Of(context).Path = path;
        context.CheckKeyIsFor(path);
        var version = ScriptUrl.VersionOf(context.Request.Query);
        var call = await CallBody.ReadAsync(context.Request, CallMembers.Run, options);
        var isOnce = !Preferences.WantsAsync(context.Request) && IdempotencyKeys.Of(context.Request) is not null;
        var isAsync = !isOnce && asyncRun.IsMeant(context.Request, call);
        var arguments = new RunArguments(context.TraceIdentifier, call.Input, call.Stats, context.KeyName(), call.Logs)
        {
            TraceParent = TraceContext.ParentOf(context.Request),
            Files = call.Files,
            TakesFiles = true,
            Call = isAsync || isOnce ? null : CallOfRun.Of(recent, context, RunVia.Run),
        };
        var request = new RunScriptRequest(path, version, arguments, version.Alias is null ? null : name => context.Request.Headers[name]);
        if (isAsync)
        {
            await asyncRun.AnswerAsync(context, request, call);
            return;
        }

        AsyncRun.CheckOfOthers(call);
        if (isOnce)
        {
            await onceRun.AnswerAsync(context, request, call);
            return;
        }

        var (found, refusal) = await scripts.FindToRunAsync(path, version, request.HeaderOf, context.RequestAborted);
        if (found is null)
        {
            await RunReply.WriteAsync(context, new RunNotTaken(refusal!, Version: null), call);
            return;
        }

        if (keptRun.Keeps(context, found, call))
        {
            await keptRun.AnswerAsync(context, request, found, call);
            return;
        }

        AsyncRun.CheckOfUnkept(call);
        var sink = call.Stream ? new EventStreamSink(context, options, gate, meters) : null;
        await RunReply.WriteAsync(context, await runScript.ExecuteAsync(path, found, arguments, sink, context.RequestAborted), call);
    }
}
