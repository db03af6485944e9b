using System.Text;
using System.Text.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Http.Configuration;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Mcp;

/// <summary>
/// Tools that are called as tasks, over real sockets. The store is one in memory, and no worker executes anything: the test does.
/// </summary>
public sealed class ToolTaskTests
{
    private const string Revision = "2025-11-25";
    private const int InvalidParams = -32602, MethodNotFound = -32601, InternalError = -32603;
    private static readonly KeptSeat s_seat = new("node", "start", 0);

    [Theory]
    [InlineData(Revision, true, true)]
    [InlineData("2025-06-18", true, false)]
    [InlineData(Revision, false, false)]
    public async Task Only_a_client_of_the_revision_is_told_of_tasks_and_only_where_runs_are_kept(string version, bool keeps, bool told)
    {
        await using var faas = await ToolAsync(keeps: keeps);
        var client = new McpClient(faas.Client);
        var begun = await client.SendAsync("initialize", new
        {
            protocolVersion = version,
            capabilities = new { },
            clientInfo = new { name = "test", version = "1" },
        });
        var capabilities = begun.GetProperty("result").GetProperty("capabilities");
        Assert.Equal(
            told ? """{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}}""" : null,
            capabilities.TryGetProperty("tasks", out var tasks) ? tasks.GetRawText() : null);

        client.Version = version;
        var tools = (await client.SendAsync("tools/list")).GetProperty("result").GetProperty("tools").EnumerateArray().ToList();
        Assert.Equal(["run_code", "math__add"], tools.Select(tool => tool.GetProperty("name").GetString()));
        Assert.False(tools[0].TryGetProperty("execution", out _));
        Assert.Equal(
            told ? """{"taskSupport":"optional"}""" : null,
            tools[1].TryGetProperty("execution", out var execution) ? execution.GetRawText() : null);

        var called = await client.SendAsync("tools/call", new { name = "math__add", arguments = new { a = 1 }, task = new { } });
        Assert.Equal(told, called.GetProperty("result").TryGetProperty("task", out _));
        Assert.Equal(told ? 1 : 0, faas.Kept.All.Count);
        if (!told)
        {
            Assert.Equal(MethodNotFound, CodeOf(await client.SendAsync("tasks/list")));
        }
    }

    [Fact]
    public async Task A_task_is_a_kept_run_and_its_result_is_what_the_call_would_have_been_answered()
    {
        await using var faas = await ToolAsync();
        var client = ClientOf(faas);
        var task = await CreateAsync(client, new { a = 1 }, new { });
        var id = task.GetProperty("taskId").GetString()!;
        Assert.Equal(("working", "The run waits for its turn."), (Text(task, "status"), Text(task, "statusMessage")));
        Assert.Equal((MaxAge, 1000), (task.GetProperty("ttl").GetDouble(), task.GetProperty("pollInterval").GetInt32()));
        Assert.Equal(task.GetProperty("createdAt").GetDateTime(), task.GetProperty("lastUpdatedAt").GetDateTime());
        using var record = JsonDocument.Parse(await faas.Client.GetStringAsync($"/api/v1/runs/{id}"));
        Assert.Equal(
            ("tool", "math/add", """{"a":1}"""),
            (Text(record.RootElement, "via"), Text(record.RootElement, "path"), record.RootElement.GetProperty("input").GetRawText()));

        var result = client.SendAsync("tasks/result", new { taskId = id });
        await TakeAsync(faas, id);
        var running = (await client.SendAsync("tasks/get", new { taskId = id })).GetProperty("result");
        Assert.Equal("The run is executed.", Text(running, "statusMessage"));
        Assert.False(result.IsCompleted);
        var value = new ResultData("""{"sum":3}"""u8.ToArray(), DataType.Json);
        await EndAsync(faas, id, new KeptEnd { Reason = "ok", Type = DataType.Json, Start = Warmth.Warm }, value.Json);

        faas.EndWith(new Outcome(Reason.Ok) { Data = value, Warmth = Warmth.Warm });
        var waited = (await client.SendAsync("tools/call", new { name = "math__add", arguments = new { a = 1 } })).GetProperty("result");
        var told = (await result).GetProperty("result");
        foreach (var member in waited.EnumerateObject())
        {
            Assert.Equal(member.Value.GetRawText(), told.GetProperty(member.Name).GetRawText());
        }

        Assert.Equal(
            $$$"""{"io.modelcontextprotocol/related-task":{"taskId":"{{{id}}}"}}""", told.GetProperty("_meta").GetRawText());
        Assert.Equal(waited.EnumerateObject().Count() + 1, told.EnumerateObject().Count());
        var ended = (await client.SendAsync("tasks/get", new { taskId = id })).GetProperty("result");
        Assert.Equal(("completed", false), (Text(ended, "status"), ended.TryGetProperty("statusMessage", out _)));
        var listed = (await client.SendAsync("tasks/list")).GetProperty("result").GetProperty("tasks");
        Assert.Equal(ended.GetRawText(), Assert.Single(listed.EnumerateArray()).GetRawText());
    }

    [Theory]
    [InlineData("error", false, "failed", "\"name\":\"ValueError\"")]
    [InlineData("disabled", false, "failed", "\"disabled\"")]
    [InlineData("ok", true, "failed", "faas.runs.kept.result-size")]
    [InlineData("cancelled", false, "cancelled", "\"cancelled\"")]
    public async Task A_task_that_did_not_end_well_says_so_and_its_result_says_how(string reason, bool isCut, string status, string says)
    {
        await using var faas = await ToolAsync();
        var client = ClientOf(faas);
        var id = Text(await CreateAsync(client, new { }, new { }), "taskId");
        await TakeAsync(faas, id);
        var end = new KeptEnd
        {
            Reason = reason,
            Detail = "It did not work.",
            Error = reason == "error" ? new ScriptError("ValueError", "no") : null,
            ResultCut = isCut ? true : null,
        };
        await EndAsync(faas, id, end, default);

        var task = (await client.SendAsync("tasks/get", new { taskId = id })).GetProperty("result");
        Assert.Equal(status, Text(task, "status"));
        Assert.NotEqual("", Text(task, "statusMessage"));
        var result = (await client.SendAsync("tasks/result", new { taskId = id })).GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains(says, result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_task_is_cancelled_before_the_answer_and_one_that_has_ended_cannot_be()
    {
        await using var faas = await ToolAsync();
        var client = ClientOf(faas);
        var id = Text(await CreateAsync(client, new { }, new { }), "taskId");
        var cancelled = (await client.SendAsync("tasks/cancel", new { taskId = id })).GetProperty("result");
        Assert.Equal((id, "cancelled"), (Text(cancelled, "taskId"), Text(cancelled, "status")));
        Assert.Equal(RunStage.Ended, Assert.Single(faas.Kept.All).Stage);
        Assert.Equal(InvalidParams, CodeOf(await client.SendAsync("tasks/cancel", new { taskId = id })));
    }

    [Fact]
    public async Task A_task_of_another_key_is_unknown()
    {
        await using var faas = await ToolAsync(http => http.WithKeys(
            "one:invoke:one-0123456789abcd", "two:invoke+runs:two-0123456789abcd", "far:invoke@jobs:far-0123456789abcd"));
        var one = ClientOf(faas, "one-0123456789abcd");
        var id = Text(await CreateAsync(one, new { }, new { }), "taskId");
        foreach (var key in new[] { "two-0123456789abcd", "far-0123456789abcd", Keys.Admin })
        {
            var other = ClientOf(faas, key);
            foreach (var method in new[] { "tasks/get", "tasks/result", "tasks/cancel" })
            {
                var error = (await other.SendAsync(method, new { taskId = id })).GetProperty("error");
                Assert.Equal(InvalidParams, error.GetProperty("code").GetInt32());
                Assert.StartsWith($"There is no task \"{id[..20]}", Text(error, "message"), StringComparison.Ordinal);
            }

            Assert.Empty((await other.SendAsync("tasks/list")).GetProperty("result").GetProperty("tasks").EnumerateArray());
        }

        Assert.Equal(MethodNotFound, CodeOf(await ClientOf(faas, Keys.Execute).SendAsync("tasks/list")));
        var own = await ClientOf(faas, "one-0123456789abcd").SendAsync("tasks/get", new { taskId = id });
        Assert.Equal("working", Text(own.GetProperty("result"), "status"));
    }

    [Fact]
    public async Task Less_time_than_runs_are_kept_is_granted_and_a_task_that_has_ended_is_unknown_after_it()
    {
        await using var faas = await ToolAsync();
        var client = ClientOf(faas);
        Assert.Equal(60_000, (await CreateAsync(client, new { }, new { ttl = 60_000 })).GetProperty("ttl").GetInt64());
        var most = MaxAge;
        Assert.Equal(most, (await CreateAsync(client, new { }, new { ttl = most * 10 })).GetProperty("ttl").GetDouble());

        var id = Text(await CreateAsync(client, new { }, new { ttl = 0 }), "taskId");
        var result = client.SendAsync("tasks/result", new { taskId = id });
        Assert.Equal("working", Text((await client.SendAsync("tasks/get", new { taskId = id })).GetProperty("result"), "status"));
        await TakeAsync(faas, id);
        await EndAsync(faas, id, new KeptEnd { Reason = "ok", Type = DataType.Number }, "3"u8.ToArray());
        Assert.Equal("3", (await result).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(InvalidParams, CodeOf(await client.SendAsync("tasks/get", new { taskId = id })));
        Assert.Equal(2, (await client.SendAsync("tasks/list")).GetProperty("result").GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public async Task The_list_has_pages_and_only_tasks()
    {
        await using var faas = await ToolAsync(options: options => options with { Mcp = options.Mcp with { PageSize = 2 } });
        var client = ClientOf(faas);
        using var asynchronous = new HttpRequestMessage(HttpMethod.Post, "/run/math/add")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        asynchronous.Headers.Add("Prefer", "respond-async");
        (await faas.Client.SendAsync(asynchronous)).Dispose();
        List<string> made = [];
        for (var run = 0; run < 3; run++)
        {
            made.Insert(0, Text(await CreateAsync(client, new { }, new { }), "taskId"));
        }

        var first = (await client.SendAsync("tasks/list")).GetProperty("result");
        var second = (await client.SendAsync("tasks/list", new { cursor = Text(first, "nextCursor") })).GetProperty("result");
        Assert.Equal(made, first.GetProperty("tasks").EnumerateArray().Concat(second.GetProperty("tasks").EnumerateArray())
            .Select(task => Text(task, "taskId")));
        Assert.False(second.TryGetProperty("nextCursor", out _));
        Assert.Equal(InvalidParams, CodeOf(await client.SendAsync("tasks/list", new { cursor = "bm8" })));
    }

    [Theory]
    [InlineData("tools/call", """{"name":"run_code","arguments":{},"task":{}}""", MethodNotFound, "cannot be called as a task")]
    [InlineData("tools/call", """{"name":"math__sub","task":{}}""", InvalidParams, "Unknown tool")]
    [InlineData("tools/call", """{"name":"math__add","task":7}""", InvalidParams, "\"task\" must be an object.")]
    [InlineData("tools/call", """{"name":"math__add","task":{"ttl":-1}}""", InvalidParams, "\"ttl\" of \"task\" must be a number")]
    [InlineData("tools/call", """{"name":"math__add","task":{"ttl":"1s"}}""", InvalidParams, "\"ttl\" of \"task\" must be a number")]
    [InlineData("tasks/get", "{}", InvalidParams, "\"taskId\" must be a string, which names a task.")]
    [InlineData("tasks/get", """{"taskId":7}""", InvalidParams, "\"taskId\" must be a string.")]
    [InlineData("tasks/result", """{"taskId":"call~k0123456789abcdef"}""", InvalidParams, "There is no task")]
    [InlineData("tasks/cancel", """{"taskId":"../keys"}""", InvalidParams, "There is no task")]
    [InlineData("tasks/list", """{"cursor":7}""", InvalidParams, "\"cursor\" must be a string.")]
    public async Task What_makes_no_sense_is_refused_and_starts_nothing(string method, string parameters, int code, string says)
    {
        await using var faas = await ToolAsync();
        using var given = JsonDocument.Parse(parameters);
        var error = (await ClientOf(faas).SendAsync(method, given.RootElement)).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetInt32());
        Assert.Contains(says, Text(error, "message"), StringComparison.Ordinal);
        Assert.Empty(faas.Kept.All);
        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task A_run_that_the_store_does_not_take_is_an_error_and_so_is_a_store_that_is_away()
    {
        await using var faas = await ToolAsync();
        var client = ClientOf(faas);
        var id = Text(await CreateAsync(client, new { }, new { }), "taskId");
        faas.Kept.Acceptance = KeptAcceptance.QueueFull;
        var call = new { name = "math__add", task = new { } };
        var full = (await client.SendAsync("tools/call", call)).GetProperty("error");
        Assert.Equal(InternalError, full.GetProperty("code").GetInt32());
        Assert.Contains("asynchronous runs wait already", Text(full, "message"), StringComparison.Ordinal);

        faas.Kept.Failure = new StoreException("It is away.");
        foreach (var (method, parameters) in new (string, object)[]
        {
            ("tools/call", call), ("tasks/get", new { taskId = id }), ("tasks/result", new { taskId = id }), ("tasks/list", new { }),
            ("tasks/cancel", new { taskId = id }),
        })
        {
            Assert.Equal(InternalError, CodeOf(await client.SendAsync(method, parameters)));
        }
    }

    [Fact]
    public async Task A_stop_of_the_server_ends_the_wait_for_a_result_and_not_the_task()
    {
        await using var faas = await ToolAsync();
        var client = ClientOf(faas);
        var id = Text(await CreateAsync(client, new { }, new { }), "taskId");
        await TakeAsync(faas, id);
        var result = client.SendAsync("tasks/result", new { taskId = id });
        Assert.Equal("working", Text((await client.SendAsync("tasks/get", new { taskId = id })).GetProperty("result"), "status"));
        var stopping = faas.StopAsync();
        var error = (await result).GetProperty("error");
        Assert.Equal((InternalError, true), (
            error.GetProperty("code").GetInt32(), Text(error, "message").StartsWith("The server stops", StringComparison.Ordinal)));
        await stopping;
        Assert.Equal(RunStage.Running, Assert.Single(faas.Kept.All).Stage);
    }

    private static double MaxAge => FaasUnderTest.ShippedOptions.KeptRuns.MaxAge.TotalMilliseconds;

    private static McpClient ClientOf(FaasUnderTest faas, string? key = null)
    {
        if (key is not null)
        {
            faas.Client.DefaultRequestHeaders.Remove("X-Api-Key");
            faas.Client.DefaultRequestHeaders.Add("X-Api-Key", key);
        }

        return new McpClient(faas.Client) { Version = Revision };
    }

    private static async Task<JsonElement> CreateAsync(McpClient client, object arguments, object task)
    {
        var created = await client.SendAsync("tools/call", new { name = "math__add", arguments, task });
        return created.GetProperty("result").GetProperty("task");
    }

    private static async Task TakeAsync(FaasUnderTest faas, string id)
    {
        for (var number = 1; ; number++)
        {
            if ((await faas.Kept.TakeAsync(s_seat with { Number = number }, default)).Run!.Id == id)
            {
                return;
            }
        }
    }

    private static async Task EndAsync(FaasUnderTest faas, string id, KeptEnd end, ReadOnlyMemory<byte> result)
    {
        var seat = (await faas.Kept.RunningAsync(default)).Single(running => running.Id == id).Seat;
        KeptLine[] lines = [new(OutputStream.Stdout, "printed")];
        var output = new KeptRest([new KeptPiece(1, 24, lines)], 1);
        Assert.True(await faas.Kept.EndAsync(seat, id, new KeptOutcome(end, result, output), default));
    }

    private static async Task<FaasUnderTest> ToolAsync(
        Func<HttpOptions, HttpOptions>? http = null,
        Func<FaasOptions, FaasOptions>? options = null,
        bool keeps = true)
    {
        var faas = await FaasUnderTest.StartAsync(http, all => (options ?? (same => same))(
            all with { KeptRuns = all.KeptRuns with { Enabled = keeps } }));
        var version = FaasUnderTest.Version with { Settings = new ScriptSettings { Tool = true } };
        faas.Registry.Answer = message => message is GetVersion { Path: "math/add" }
            ? new VersionFound("math/add", version)
            : FaasUnderTest.AnswerOfRegistry(message);
        faas.Catalog.Page = _ => new CatalogPage([new ScriptSummary("math/add", version, 1)], null);
        return faas;
    }

    private static int CodeOf(JsonElement reply) => reply.GetProperty("error").GetProperty("code").GetInt32();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
