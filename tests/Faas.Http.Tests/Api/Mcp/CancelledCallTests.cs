using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs.Output;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Mcp;

/// <summary>Calls that take a while: what a client hears of them, and how it ends them.</summary>
public sealed class CancelledCallTests
{
    private static readonly object s_code = new { language = "python", code = "return 42" };
    private static readonly object s_call = new { name = "run_code", arguments = s_code };

    [Fact]
    public async Task A_client_that_says_so_cancels_its_call_and_no_other_one()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys("second:execute:second-0123456789"));
        faas.OnSubmit(_ => null);
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", Keys.Execute);
        using var otherKey = new HttpClient { BaseAddress = faas.Address };
        otherKey.DefaultRequestHeaders.Add("X-Api-Key", "second-0123456789");
        var (client, stranger) = (new McpClient(faas.Client), new McpClient(faas.Client));
        await client.InitializeAsync();
        await stranger.InitializeAsync();

        var call = client.SendAsync("tools/call", s_call);
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        await stranger.CancelAsync(client.LastId);
        await client.CancelAsync(client.LastId + 1);
        await new McpClient(faas.Client).CancelAsync(client.LastId);
        await new McpClient(otherKey) { Session = client.Session }.CancelAsync(client.LastId);
        Assert.Empty(faas.Pool.Rest());
        await client.CancelAsync(client.LastId);

        Assert.Equal(run.RunId, (await faas.Pool.Next<CancelRun>()).RunId);
        var result = (await call).GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal(
            """{"reason":"cancelled","message":"The call was cancelled.","logs":""}""",
            result.GetProperty("content")[0].GetProperty("text").GetString());
        await client.CancelAsync(client.LastId); // it has ended
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_its_call()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(_ => null);
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(RawClient.Post(
            "/mcp",
            new McpClient(faas.Client).Request("tools/call", s_call),
            "Accept: application/json, text/event-stream\r\n"));
        var run = (await faas.Pool.Next<SubmitRun>()).Run;

        client.Reset();

        Assert.Equal(run.RunId, (await faas.Pool.Next<CancelRun>()).RunId);
    }

    [Fact]
    public async Task Each_line_is_told_as_it_comes_where_the_client_wants_to_hear_of_progress()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var output = new ScriptedOutput();
        faas.OnSubmit(output.For);
        var client = new McpClient(faas.Client);
        using var response = await client.PostAsync(client.Request(
            "tools/call", new { name = "run_code", arguments = s_code, _meta = new { progressToken = "p" } }));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.True((await faas.Pool.Next<SubmitRun>()).Run is { Stream: true, WithLogs: true });

        output.Print("one");
        Assert.Equal((1, "one"), await NextAsync());
        output.Print("twö", OutputStream.Stderr);
        Assert.Equal((2, "twö"), await NextAsync());
        output.End(FaasUnderTest.FortyTwo);

        var result = (await DataAsync()).GetProperty("result").GetProperty("structuredContent");
        Assert.Equal(42, result.GetProperty("result").GetInt32());

        async Task<(int, string?)> NextAsync()
        {
            var message = await DataAsync();
            Assert.Equal("notifications/progress", message.GetProperty("method").GetString());
            var progress = message.GetProperty("params");
            Assert.Equal("p", progress.GetProperty("progressToken").GetString());
            return (progress.GetProperty("progress").GetInt32(), progress.GetProperty("message").GetString());
        }

        async Task<JsonElement> DataAsync()
        {
            while (true)
            {
                if (await lines.ReadLineAsync() is { } line && line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    using var document = JsonDocument.Parse(line[6..]);
                    return document.RootElement.Clone();
                }
            }
        }
    }

    [Fact]
    public async Task A_silent_run_is_told_of_so_that_a_client_goes_on_waiting()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { PingInterval = TimeSpan.FromMilliseconds(50) });
        var output = new ScriptedOutput();
        faas.OnSubmit(output.For);
        var client = new McpClient(faas.Client);
        var call = client.AllAsync("tools/call", new { name = "run_code", arguments = s_code, _meta = new { progressToken = 7 } });
        await Task.Delay(TimeSpan.FromMilliseconds(400));
        output.End(FaasUnderTest.FortyTwo);

        var messages = await call;
        var told = messages.SkipLast(1).Select(message => message.GetProperty("params")).ToList();

        Assert.NotEmpty(told);
        Assert.All(told, progress => Assert.False(progress.TryGetProperty("message", out _)));
        Assert.Equal(Enumerable.Range(1, told.Count), told.Select(progress => progress.GetProperty("progress").GetInt32()));
        Assert.True(messages[^1].TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_given_up_and_its_run_is_cancelled()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http with { StalledWriteTimeout = TimeSpan.FromMilliseconds(500) });
        var output = new ScriptedOutput();
        faas.OnSubmit(output.For);
        using var client = await RawClient.ConnectAsync(faas.Address, receiveBuffer: 4096);
        await client.SendAsync(RawClient.Post(
            "/mcp",
            new McpClient(faas.Client).Request(
                "tools/call", new { name = "run_code", arguments = s_code, _meta = new { progressToken = 1 } }),
            "Accept: application/json, text/event-stream\r\n"));
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        var line = new string('x', 60_000);
        for (var i = 0; i < 500; i++)
        {
            output.Print(line);
        }

        Assert.Equal(run.RunId, (await faas.Pool.Next<CancelRun>()).RunId);
        await output.Over;
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_such_route()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { Mcp = options.Mcp with { Enabled = false } });
        using var response = await faas.PostAsync("/mcp", "{}");
        await response.ProblemAsync(404, "not_found");
    }
}
