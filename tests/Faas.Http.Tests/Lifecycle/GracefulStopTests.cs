using System.Net;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Lifecycle;

public sealed class GracefulStopTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task While_it_drains_new_work_is_refused_and_running_work_is_answered()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var (running, drained) = (new TaskCompletionSource<object>(), new TaskCompletionSource<object>());
        faas.Pool.Answer = message => message switch
        {
            SubmitRun => running.Task,
            DrainPool => drained.Task,
            _ => FaasUnderTest.AnswerOfPool(message),
        };
        var call = faas.PostAsync("/run/math/add", "{}");
        var run = (await faas.Pool.Next<SubmitRun>()).Run;

        var stop = faas.StopAsync();
        Assert.Equal(FaasUnderTest.ShippedOptions.Http.DrainTimeout, (await faas.Pool.Next<DrainPool>()).Within);
        using (var refused = await faas.PostAsync("/run-now", """{"language": "python", "code": "1"}"""))
        {
            await refused.ProblemAsync(503, "draining");
            Assert.Equal("10", refused.Header("Retry-After"));
            Assert.True(refused.Headers.ConnectionClose);
        }

        using (var ready = await faas.Client.GetAsync("/readyz"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("\"accepting\":\"The server is stopping.\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var alive = await faas.Client.GetAsync("/healthz"))
        {
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        }

        running.SetResult(new RunEnded(run.RunId, FaasUnderTest.FortyTwo));
        using var answer = await call;
        Assert.Equal("""{"data":42,"type":"number"}""", await answer.Content.ReadAsStringAsync());
        drained.SetResult(PoolDrained.Instance);
        await stop.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_stream_that_the_pool_cancels_ends_with_its_reason()
    {
        var output = new ScriptedOutput();
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Pool.Answer = message =>
        {
            if (message is DrainPool)
            {
                output.End(new Outcome(Reason.Cancelled) { Detail = "The server is stopping." });
            }

            return message is SubmitRun invoke ? output.For(invoke.Run) : FaasUnderTest.AnswerOfPool(message);
        };
        var response = faas.PostAsync("/run/math/add", """{"stream": true}""");
        await faas.Pool.Next<SubmitRun>();
        await faas.StopAsync().WaitAsync(s_patience);
        Assert.Equal(
            "id: 1\ndata: {\"event\":\"error\",\"data\":\"The server is stopping.\",\"type\":\"text\",\"reason\":\"cancelled\",\"stats\":{\"cpuSeconds\":0,\"maxRssBytes\":0,\"wallSeconds\":0}}\n\n",
            await (await response).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_stream_that_nobody_ends_is_ended_all_the_same()
    {
        var output = new ScriptedOutput();
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(output.For);
        var response = faas.PostAsync("/run/math/add", """{"stream": true}""");
        await faas.Pool.Next<SubmitRun>();
        await faas.StopAsync().WaitAsync(s_patience);
        Assert.Contains(
            "\"reason\":\"cancelled\",\"stats\":", await (await response).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await output.Over;
    }

    [Fact]
    public async Task Clients_that_keep_their_connection_busy_do_not_keep_the_server()
    {
        var output = new ScriptedOutput();
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(output.For);
        using var doesNotRead = await RawClient.ConnectAsync(faas.Address, 16 << 10);
        await doesNotRead.SendAsync(RawClient.Post("/run/math/add", """{"stream": true}"""));
        await faas.Pool.Next<SubmitRun>();
        for (var i = 0; i < 20_000; i++)
        {
            output.Print(new string('x', 1000));
        }

        using var halfABody = await RawClient.ConnectAsync(faas.Address);
        await halfABody.SendAsync(RawClient.Post("/run-now", "{}")[..^1]);
        using var idle = await RawClient.ConnectAsync(faas.Address);
        await idle.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await idle.ReadUntilAsync("}");

        await faas.StopAsync().WaitAsync(s_patience);
        await idle.WaitForEndAsync();
        await halfABody.WaitForEndAsync();
    }

    [Fact]
    public async Task A_pool_that_does_not_drain_is_left_behind()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { DrainTimeout = TimeSpan.Zero });
        faas.Pool.Answer = message => message is DrainPool ? null : FaasUnderTest.AnswerOfPool(message);
        await faas.StopAsync().WaitAsync(s_patience);
    }
}
