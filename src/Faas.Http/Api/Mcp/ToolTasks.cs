using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Runs;
using Faas.Http.Api.Runs.Recent;
using Faas.Http.Api.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// Calls of tools that are answered before their run begins.
/// <para>
/// Theory of operation. A task is an asynchronous run (docs/asynchronous.md), and its id is that of the run. So any server that shares the
/// store knows it, and it survives the end of this server. The record of the run says how long the run is a task; after that time a run
/// that has ended is none. A task belongs to the owner of the key that has made it, and is unknown to every other caller.
/// </para>
/// </summary>
public sealed partial class ToolTasks(
    ToolLookup tools,
    AcceptRun accept,
    AwaitKeptRun wait,
    CancelKeptRun cancel,
    IKeptRuns runs,
    KeptReaders readers,
    FaasOptions options,
    HttpMeters meters,
    TimeProvider time,
    RequestGate gate,
    ILogger<ToolTasks> log)
{
    private const string List = "tasks";
    private const string RelatedTask = "io.modelcontextprotocol/related-task";
    private static readonly TimeSpan s_wait = TimeSpan.FromMinutes(1);

    /// <summary>Whether the caller may have tasks.</summary>
    internal bool AreFor(HttpContext context) => options.KeptRuns.Enabled && context.KeyMay(Scopes.Invoke);

    /// <summary>Has the run of a tool wait for its turn, and returns the task.</summary>
    /// <param name="context">The request.</param>
    /// <param name="call">The call of the tool.</param>
    /// <param name="asked">What the client says about the task.</param>
    /// <param name="cancellation">Cancelled when the client leaves; the run may be accepted all the same.</param>
    internal Task<JsonObject> CreateAsync(
        HttpContext context, CallToolRequestParams call, JsonNode asked, CancellationToken cancellation) => AnswerAsync(context, async () =>
    {
        var ttl = TaskParameters.TtlOf(asked, options.KeptRuns.MaxAge);
        if (call.Name == ToolName.RunCode && context.KeyMay(Scopes.Execute))
        {
            throw new McpProtocolException(
                $"The tool \"{ToolName.RunCode}\" cannot be called as a task; allowed are the tools that are stored scripts.",
                McpErrorCode.MethodNotFound);
        }

        var (tool, refusal) = await tools.FindAsync(context, call.Name, cancellation);
        if (tool is null)
        {
            throw new ProblemException(FaasProblems.Of(refusal!));
        }

        var arguments = new RunArguments(context.TraceIdentifier, ToolCalls.BytesOf(call.Arguments), Key: context.KeyName())
        {
            TraceParent = TraceContext.ParentOf(context.Request),
        };
        var terms = new KeptTerms(KeptCall.UsualPriority, NotBefore: null, context.CallerOfKey(), AsyncRun.ReceivedOf(context, time))
        {
            TaskTtl = ttl,
        };
        var request = new RunScriptRequest(tool.Path, new VersionRef(tool.Script.Version.Number), arguments);
        var (run, refused) = await accept.ExecuteAsync(request, terms, cancellation);
        return run is not null
            ? ToolTask.Of(run.Id, terms.Received, ttl)
            : throw new ProblemException(FaasProblems.Of(refused!));
    });

    /// <summary>How a task stands.</summary>
    internal Task<JsonNode?> GetAsync(HttpContext context, JsonNode? parameters, CancellationToken cancellation) =>
        AnswerAsync<JsonNode?>(context, async () => ToolTask.Of(await FindAsync(context, TaskParameters.IdOf(parameters), cancellation)));

    /// <summary>What the call would have been answered without a task, once its run has ended.</summary>
    internal Task<JsonNode?> ResultAsync(HttpContext context, JsonNode? parameters, CancellationToken cancellation) =>
        AnswerAsync<JsonNode?>(context, async () =>
        {
            var id = TaskParameters.IdOf(parameters);
            await FindAsync(context, id, cancellation);
            using var place = readers.Take();
            var ended = await EndedAsync(id, cancellation);
            var result = TaskResult.Of(ended);
            CallRecord.Of(context).Reason = ended.End!.Reason;
            result.Meta = new JsonObject { [RelatedTask] = new JsonObject { ["taskId"] = id } };
            return JsonSerializer.SerializeToNode(result, McpJsonUtilities.DefaultOptions.GetTypeInfo<CallToolResult>());
        });

    /// <summary>A page of the caller's tasks, the newest first.</summary>
    internal Task<JsonNode?> ListAsync(HttpContext context, JsonNode? parameters, CancellationToken cancellation) =>
        AnswerAsync<JsonNode?>(context, async () =>
        {
            var page = new PageOfList(options.Mcp.PageSize, McpCursor.PositionOf(TaskParameters.CursorOf(parameters), List), List);
            long? before = page.After is not { } after ? null
                : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw McpCursor.Wrong();
            var filter = RunFilter.All with { Roots = context.KeyPaths().Roots, Vias = [RunVia.Tool], Key = context.KeyName() };
            var (found, next) = await runs.PageAsync(filter, page.Limit, before, cancellation);
            var tasks = new JsonArray([.. found.Where(run => IsTaskOf(context, run)).Select(run => (JsonNode)ToolTask.Of(run))]);
            var result = new JsonObject { ["tasks"] = tasks };
            if (page.Cursor(next is { } position ? position.ToString(CultureInfo.InvariantCulture) : null) is { } cursor)
            {
                result["nextCursor"] = cursor;
            }

            return result;
        });

    /// <summary>Cancels the run of a task, and returns the task when the run's processes are dead.</summary>
    internal Task<JsonNode?> CancelAsync(HttpContext context, JsonNode? parameters, CancellationToken cancellation) =>
        AnswerAsync<JsonNode?>(context, async () =>
        {
            var id = TaskParameters.IdOf(parameters);
            await FindAsync(context, id, cancellation);
            var (ended, refusal) = await cancel.ExecuteAsync(id, cancellation);
            return ended is null ? throw new ProblemException(FaasProblems.Of(refusal!))
                : ToolTask.IsCancelled(ended) ? ToolTask.Of(ended)
                : throw new ProblemException(FaasProblems.Of(Refusal.EndedRun(id)));
        });

    private async Task<KeptRun> EndedAsync(string id, CancellationToken cancellation)
    {
        var stop = gate.Abandoned; // what this server executes has ended by then
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stop);
        try
        {
            while (true)
            {
                // It has not ended in time, or is not kept any more, or the store does not answer, which the look then throws.
                if (await wait.ExecuteAsync(id, s_wait, ends.Token) is { } ended)
                {
                    return ended;
                }

                if (await runs.LookAsync(id, ends.Token) is null)
                {
                    throw NoTask(id);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new McpProtocolException("The server stops; the task goes on, and can be asked for again.", McpErrorCode.InternalError);
        }
    }

    private async Task<KeptRun> FindAsync(HttpContext context, string id, CancellationToken cancellation)
    {
        var run = KeptIds.Is(id) ? await runs.LookAsync(id, cancellation) : null;
        if (run is null || !IsTaskOf(context, run))
        {
            throw NoTask(id);
        }

        CallRecord.Of(context).Path = run.Call.Path;
        return run;
    }

    private bool IsTaskOf(HttpContext context, KeptRun run) => run.Call.TaskTtl is { } ttl
        && run.Call.Caller == context.CallerOfKey()
        && context.KeyPaths().Include(run.Call.Path)
        && (run.Stage != RunStage.Ended || time.GetUtcNow() < run.Call.Received.AddMilliseconds(ttl));

    private static McpProtocolException NoTask(string id) => TaskParameters.Wrong($"There is no task {UnknownName.Quoted(id)}.");
}
