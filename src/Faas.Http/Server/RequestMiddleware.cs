using System.Diagnostics;
using Faas.Actors.Cluster;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Functions;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Server.Logs;
using Faas.Http.Server.Telemetry;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Connections;

namespace Faas.Http.Server;

/// <summary>
/// The outermost part of every request: sets the call id and the headers that all answers have, refuses new work while the
/// server stops or its cluster works without it, and answers every failure inside with a problem document.
/// </summary>
public sealed partial class RequestMiddleware(
    RequestDelegate next,
    RequestGate gate,
    ClusterMembership cluster,
    HttpOptions options,
    CallLog calls,
    HttpMeters meters,
    ILogger<RequestMiddleware> log)
{
    /// <summary>Answers the request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var record = CallRecord.Of(context);
        var begun = record.Begun = Stopwatch.GetTimestamp();
        context.TraceIdentifier = CallIds.OnTheWire(context.Request.Headers[CallIds.Header]);
        context.Response.Headers[CallIds.Header] = context.TraceIdentifier;
        SecurityHeaders.Set(context.Response.Headers);
        gate.Enter();
        try
        {
            // The registration is undone before the gate counts the request as ended, so a request that has ended is never cut.
            await using var cut = gate.Aborted.UnsafeRegister(state => ((HttpContext)state!).Abort(), context);
            await AnswerAsync(context);
        }
        finally
        {
            if (context.Response.StatusCode == StatusCodes.Status429TooManyRequests)
            {
                meters.Throttled(record.Reason);
            }

            record.Run?.Answered(CallLog.WasCut(context) ? null : context.Response.StatusCode);
            RequestSpan.Complete(context);
            calls.Write(context, begun);
            gate.Leave();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (RefusalOfNewWork(context) is { } refusal)
            {
                await ProblemWriter.WriteAsync(context, FaasProblems.Of(refusal));
                return;
            }

            await next(context);
            if (OptionsAnswer.Applies(context))
            {
                OptionsAnswer.Write(context);
            }
            else if (context.Response is { HasStarted: false, StatusCode: >= 400 and var status, ContentLength: null })
            {
                await ProblemWriter.WriteAsync(context, FaasProblems.OfStatus(status, context.Request));
            }
        }
        catch (Exception failed)
        {
            await FailAsync(context, failed);
        }
    }

    private Refusal? RefusalOfNewWork(HttpContext context)
    {
        var outside = cluster.WhyNot;
        if (gate.IsLeaving || outside is not null)
        {
            context.Response.Headers.Connection = "close";
        }

        if (!gate.IsDraining && outside is null)
        {
            return null;
        }

        var method = context.Request.Method;
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        return reads && !FunctionUrl.IsOf(context.Request.Path) ? null
            : outside is null ? Refusal.Draining(options.DrainTimeout)
            : Refusal.Cluster(outside);
    }

    private async Task FailAsync(HttpContext context, Exception failed)
    {
        if (context.RequestAborted.IsCancellationRequested || failed is ConnectionResetException)
        {
            // The client has left. The failure may be a consequence of that, and there is no one to answer.
            context.Abort();
            return;
        }

        var problem = failed switch
        {
            ProblemException known => known.Problem,
            BadHttpRequestException bad => FaasProblems.OfStatus(bad.StatusCode, context.Request),
            _ => FaasProblems.Internal,
        };
        if (problem == FaasProblems.Internal)
        {
            CallRecord.Of(context).Fault = failed.Message;
            LogFailed(failed, context.Request.Method, context.Request.Path, context.TraceIdentifier);
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await ProblemWriter.WriteAsync(context, problem);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed (call {CallId}).")]
    private partial void LogFailed(Exception failed, string method, string path, string callId);
}
