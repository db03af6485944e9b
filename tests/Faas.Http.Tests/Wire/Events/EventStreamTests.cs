using System.Globalization;
using System.Net;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Implementation;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Wire.Events;

public sealed class EventStreamTests
{
    private const string Stream = """{"stream": true}""";

    [Theory]
    [InlineData("/run/math/add", Stream)]
    [InlineData("/run/math/add", "{}")]
    [InlineData("/run-now", """{"language": "python", "code": "1", "stream": true}""")]
    public async Task A_client_that_connects_again_runs_nothing_and_is_told_to_stop(string route, string body)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Client.DefaultRequestHeaders.Add("Last-Event-ID", "3");
        using var response = await faas.PostAsync(route, body);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task Each_line_arrives_before_the_next_one_is_printed()
    {
        var output = new ScriptedOutput();
        await using var faas = await StreamingAsync(output);
        using var response = await OpenAsync(faas);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(
            ("no", "warm", "1739000000"),
            (response.Header("X-Accel-Buffering"), response.Header("X-Start"), response.Header("X-Script-Version")));

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 5; i++)
        {
            output.Print($"line {i}");
            Assert.Equal($$"""data: {"event":"log","data":"line {{i}}","type":"text"}""", await DataAsync(reader));
        }

        output.End(FaasUnderTest.FortyTwo);
        Assert.Equal("""data: {"event":"result","data":42,"type":"number","stats":{"cpuSeconds":0,"maxRssBytes":0,"wallSeconds":0}}""", await DataAsync(reader));
        Assert.Equal("\n", await reader.ReadToEndAsync());
        await output.Over;
    }

    [Fact]
    public async Task The_body_ends_properly_and_the_connection_serves_on()
    {
        var output = new ScriptedOutput();
        await using var faas = await StreamingAsync(output);
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(RawClient.Post("/run/math/add", Stream));
        output.End(FaasUnderTest.FortyTwo);
        Assert.EndsWith(
            "data: {\"event\":\"result\",\"data\":42,\"type\":\"number\",\"stats\":{\"cpuSeconds\":0,\"maxRssBytes\":0,\"wallSeconds\":0}}\n\n\r\n0\r\n\r\n",
            await client.ReadUntilAsync("\r\n0\r\n\r\n"),
            StringComparison.Ordinal);

        await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_the_last_event()
    {
        var output = new ScriptedOutput();
        await using var faas = await StreamingAsync(output);
        using var response = await OpenAsync(faas);
        output.Print("before");
        output.End(new Outcome(Reason.Timeout) { Detail = "It ran longer than 1 s." });
        Assert.Equal(
            """
            id: 1
            data: {"event":"log","data":"before","type":"text"}

            id: 2
            data: {"event":"error","data":"It ran longer than 1 s.","type":"text","reason":"timeout","stats":{"cpuSeconds":0,"maxRssBytes":0,"wallSeconds":0}}


            """,
            await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Output_that_is_lost_is_our_fault_and_the_client_hears_of_it(bool breaks)
    {
        var output = new ScriptedOutput();
        await using var faas = await StreamingAsync(output);
        using var response = await OpenAsync(faas);
        output.Break(breaks ? new IOException("the pipe broke") : null);
        Assert.Matches("""^id: 1\ndata: {"event":"error","data":"[^"]+","type":"text","reason":"sandbox","stats":{[^}]+}}\n\n$""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_invocation_that_ended_before_it_could_stream_has_a_plain_status()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(Outcome.Broken("No sandbox can be made."));
        using var response = await faas.PostAsync("/run/math/add", Stream);
        Assert.Equal("No sandbox can be made.", await response.ProblemAsync(503, "sandbox"));

        faas.EndWith(FaasUnderTest.FortyTwo);
        using var fine = await faas.PostAsync("/run/math/add", Stream);
        Assert.Equal(
            "id: 1\ndata: {\"event\":\"result\",\"data\":42,\"type\":\"number\",\"stats\":{\"cpuSeconds\":0,\"maxRssBytes\":0,\"wallSeconds\":0}}\n\n",
            await fine.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Silence_is_filled_with_pings()
    {
        var output = new ScriptedOutput();
        await using var faas = await StreamingAsync(output, TimeSpan.FromMilliseconds(50));
        using var response = await OpenAsync(faas);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((": ping", ""), (await reader.ReadLineAsync(), await reader.ReadLineAsync()));
        }

        output.Print("there");
        Assert.Equal("""data: {"event":"log","data":"there","type":"text"}""", await DataAsync(reader));
        output.End(FaasUnderTest.FortyTwo);
    }

    [Fact]
    public async Task Many_lines_come_complete_and_in_order()
    {
        const int lines = 50_000;
        var output = new ScriptedOutput();
        await using var faas = await StreamingAsync(output);
        using var response = await OpenAsync(faas);
        for (var i = 1; i <= lines; i++)
        {
            output.Print(i.ToString(CultureInfo.InvariantCulture));
        }

        output.End(FaasUnderTest.FortyTwo);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 1; i <= lines; i++)
        {
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"id: {i}"), await reader.ReadLineAsync());
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $$"""data: {"event":"log","data":{{i}},"type":"number"}"""), await reader.ReadLineAsync());
            await reader.ReadLineAsync();
        }

        Assert.Equal("""data: {"event":"result","data":42,"type":"number","stats":{"cpuSeconds":0,"maxRssBytes":0,"wallSeconds":0}}""", await DataAsync(reader));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_cancels_the_output_and_the_invocation(bool resets)
    {
        var output = new ScriptedOutput();
        await using var faas = await StreamingAsync(output);
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(RawClient.Post("/run/math/add", Stream));
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        output.Print("there");
        await client.ReadUntilAsync("\n\n\r\n");
        if (resets)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await output.Over;
        Assert.Equal(run.RunId, (await faas.Pool.Next<CancelRun>()).RunId);
    }

    [Theory]
    [InlineData("ends")]
    [InlineData("breaks")]
    [InlineData("is left by its client")]
    public async Task However_a_stream_ends_its_actor_ends_too(string itsEnd)
    {
        var output = new ScriptedOutput();
        await using var faas = await StreamingAsync(output);
        using var response = await OpenAsync(faas);
        var streams = ((ActorMaterializer)faas.Services.GetRequiredService<IMaterializer>()).Supervisor;
        Assert.Single((await ChildrenAsync(streams)).Refs);
        output.Print("there");
        switch (itsEnd)
        {
            case "ends":
                output.End(FaasUnderTest.FortyTwo);
                await response.Content.ReadAsStringAsync();
                break;
            case "breaks":
                output.Break(new IOException("the pipe broke"));
                await response.Content.ReadAsStringAsync();
                break;
            default:
                response.Dispose();
                break;
        }

        var until = DateTime.UtcNow.AddSeconds(20);
        while ((await ChildrenAsync(streams)).Refs.Count > 0)
        {
            Assert.True(DateTime.UtcNow < until, "the stream's actor still lives");
            await Task.Delay(10);
        }
    }

    private static Task<StreamSupervisor.Children> ChildrenAsync(IActorRef streams) =>
        streams.Ask<StreamSupervisor.Children>(StreamSupervisor.GetChildren.Instance);

    private static async Task<FaasUnderTest> StreamingAsync(ScriptedOutput output, TimeSpan? ping = null)
    {
        var faas = await FaasUnderTest.StartAsync(http => http with { PingInterval = ping ?? http.PingInterval });
        faas.OnSubmit(output.For);
        return faas;
    }

    private static Task<HttpResponseMessage> OpenAsync(FaasUnderTest faas) => faas.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/run/math/add") { Content = new StringContent(Stream, null, "application/json") },
        HttpCompletionOption.ResponseHeadersRead);

    // Skips the id and the comments.
    private static async Task<string?> DataAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line;
            }
        }

        return null;
    }
}
