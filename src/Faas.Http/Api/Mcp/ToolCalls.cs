using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// Calls tools, by the use cases of <c>/run</c> and <c>/run-now</c>. A run that fails, and arguments that are wrong, are results that say
/// so, because the model can read those and do better.
/// </summary>
public sealed partial class ToolCalls(
    ToolLookup tools,
    RunScript runScript,
    RunCode runCode,
    RecentRuns recent,
    UseCaseOptions cases,
    HttpOptions http,
    RequestGate gate,
    HttpMeters meters,
    ILogger<ToolCalls> log)
{
    /// <summary>Calls one.</summary>
    internal async Task<CallToolResult> CallAsync(
        HttpContext context, RequestContext<CallToolRequestParams> request, CancellationToken cancellation)
    {
        var record = CallRecord.Of(context);
        var cancelled = context.Features.GetRequiredFeature<CallUnderWay>().Cancelled;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, context.RequestAborted, cancelled);
        var sink = request.Params.ProgressToken is { } token ? new ProgressSink(request.Server, token, http, gate, ends.Token) : null;
        try
        {
            return request.Params.Name == ToolName.RunCode && context.KeyMay(Scopes.Execute)
                ? await RunCodeAsync(context, record, request.Params.Arguments, sink, ends.Token)
                : await RunScriptAsync(context, record, request.Params, sink, ends.Token);
        }
        catch (ProblemException wrong)
        {
            return Refused(record, wrong.Problem);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            record.Reason = Reason.Cancelled.ToWire();
            return ToolResults.Of(FaasProblems.Of(Outcome.Cancelled), isStructured: false);
        }
        catch (Exception failed) when (failed is not (McpException or OperationCanceledException))
        {
            record.Fault = failed.Message;
            LogFailed(failed, context.TraceIdentifier);
            return Refused(record, FaasProblems.Internal);
        }
    }

    private async Task<CallToolResult> RunCodeAsync(
        HttpContext context, CallRecord record, IDictionary<string, JsonElement>? given, IRunSink? sink, CancellationToken cancellation)
    {
        var call = RunCodeTool.Read(BytesOf(given), http, cases.Ceilings);
        NetworkMember.Check(context, call.Settings.Network);
        ImageMember.Check(call);
        var request = new RunCodeRequest(call.Language, call.Code, ArgumentsOf(context, call.Input, withLogs: true), call.Settings);
        var result = await runCode.ExecuteAsync(request, sink, cancellation);
        return Take(record, result) is { } refused ? refused : ToolResults.OfCode(((RunFinished)result).Outcome);
    }

    private async Task<CallToolResult> RunScriptAsync(
        HttpContext context, CallRecord record, CallToolRequestParams asked, IRunSink? sink, CancellationToken cancellation)
    {
        var (tool, refusal) = await tools.FindAsync(context, asked.Name, cancellation);
        if (tool is null)
        {
            return Refused(record, FaasProblems.Of(refusal!));
        }

        var input = BytesOf(asked.Arguments);
        if (input.Length > Run.MaxInputBytes)
        {
            return Refused(record, FaasProblems.TooLarge($"The arguments have {input.Length} bytes; allowed are {Run.MaxInputBytes}."));
        }

        var arguments = ArgumentsOf(context, input, withLogs: false);
        var result = await runScript.ExecuteAsync(tool.Path, tool.Script, arguments, sink, cancellation);
        return Take(record, result) is { } refused ? refused : ToolResults.OfScript(((RunFinished)result).Outcome);
    }

    // Null: there is an outcome.
    private CallToolResult? Take(CallRecord record, RunResult result)
    {
        if (result is not RunFinished { Outcome: var outcome } finished)
        {
            return Refused(record, FaasProblems.Of(((RunNotTaken)result).Refusal));
        }

        record.Take(outcome);
        record.Measured = finished.Measured;
        return null;
    }

    private CallToolResult Refused(CallRecord record, Problem problem)
    {
        record.Reason = problem.Reason;
        record.Fault ??= problem.IsFaultOfTheServer ? problem.Detail : null;
        if (problem.Status == StatusCodes.Status429TooManyRequests)
        {
            meters.Throttled(problem.Reason);
        }

        return ToolResults.Of(problem, isStructured: false);
    }

    private RunArguments ArgumentsOf(HttpContext context, ReadOnlyMemory<byte> input, bool withLogs) =>
        new(context.TraceIdentifier, input, Key: context.KeyName(), WithLogs: withLogs)
        {
            TraceParent = TraceContext.ParentOf(context.Request),
            Call = CallOfRun.Of(recent, context, RunVia.Tool),
        };

    /// <summary>The arguments of a call as one JSON object.</summary>
    internal static byte[] BytesOf(IDictionary<string, JsonElement>? arguments)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, RelaxedJson.WriterOptions))
        {
            json.WriteStartObject();
            foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    [LoggerMessage(LogLevel.Error, "A tool failed (call {CallId}).")]
    private partial void LogFailed(Exception failed, string callId);
}
