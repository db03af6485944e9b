using Faas.Actors.Runs.Recent;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;

namespace Faas.Http.Api.Runs;

/// <summary><c>POST /run-now</c>: run code that is not stored, in a sandbox of its own.</summary>
public sealed class RunNowEndpoint(RunCode runCode, RecentRuns recent, HttpOptions options, RequestGate gate, HttpMeters meters)
{
    /// <summary>Answers <c>{"data","type"}</c> or an event stream.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (Reconnection.IsRefused(context))
        {
            return;
        }

        var call = await CallBody.ReadAsync(context.Request, CallMembers.RunNow, options);
        NetworkMember.Check(context, call.Settings.Network);
        SealedMember.CheckOfCode(context, call.Settings);
        ImageMember.Check(call);
        var arguments = new RunArguments(context.TraceIdentifier, call.Input, call.Stats, context.KeyName(), call.Logs)
        {
            TraceParent = TraceContext.ParentOf(context.Request),
            Files = call.Files,
            TakesFiles = true,
            Call = CallOfRun.Of(recent, context, RunVia.RunNow),
        };
        var request = new RunCodeRequest(call.Language, call.Code, arguments, call.Settings) { Tree = call.Tree };
        var sink = call.Stream ? new EventStreamSink(context, options, gate, meters) : null;
        await RunReply.WriteAsync(context, await runCode.ExecuteAsync(request, sink, context.RequestAborted), call);
    }
}
