using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Faas.Sandbox.Tests.Telemetry;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>
/// Callbacks of a real server to a host on an address of this machine, over a kill of the server; what each key under
/// <c>faas.callbacks</c> does; and the npm packages standardwebhooks and cloudevents, which verify and read one.
/// </summary>
[TestLimit(300)]
public sealed class CallbackSettingTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string OtherSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static readonly IPAddress s_address = IPAddress.Parse("127.0.0.9");
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Fact]
    [Proves("callbacks.hosts")]
    [Proves("callbacks.secret")]
    [Proves("callbacks.attempts")]
    [Proves("callbacks.first-delay")]
    [Proves("callbacks.longest-delay")]
    [Proves("callbacks.timeout")]
    public async Task A_callback_is_sent_until_the_receiver_takes_it_or_it_is_dead()
    {
        await using var receiver = new CallbackReceiver(s_address, "500", "500", "200");
        await using var server = await FaasServer.StartAsync(Settings(
            receiver, "attempts = 3, first-delay = 100ms, longest-delay = 1s, timeout = 1s"));
        await server.UploadAsync("jobs/sum", "python", "print('adding')\nreturn event['a'] + 1");
        using (var refused = await KeptRuns.SendAsync(server, "jobs/sum", new { callback = "https://example.com/" }))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var id = await AcceptAsync(server, receiver);
        var told = await StateAsync(server, id, "delivered");
        Assert.Equal((3, 200), (told.GetProperty("attempts").GetInt32(), told.GetProperty("lastStatus").GetInt32()));
        Assert.Equal(3, receiver.Received.Count);
        Assert.All(receiver.Received, got => Assert.Equal((id, receiver.Received[0].Body), (got.Headers["webhook-id"], got.Body)));
        await AssertReadAsync(receiver.Received[2], id);

        // Longer than the longest delay is not waited for, and nothing is sent after the last attempt.
        receiver.Answer("500\r\nRetry-After: 3600");
        id = await AcceptAsync(server, receiver);
        Assert.Equal(3, (await StateAsync(server, id, "dead")).GetProperty("attempts").GetInt32());
        Assert.Equal(6, receiver.Received.Count);
        var line = $"The callback of the run {id} to {receiver.Url}/done is dead after 3 attempts: status 500";
        await Eventually.HoldsAsync(() => server.Log.Contains(line, StringComparison.Ordinal), s_patience, () => server.Log);

        receiver.Answer("0"); // it does not answer
        await SendAgainAsync(server, id);
        var dead = await StateAsync(server, id, "dead");
        Assert.Contains("within 1 s (faas.callbacks.timeout)", dead.GetProperty("lastError").GetString(), StringComparison.Ordinal);
        using (var list = await server.Client.GetAsync(new Uri("/api/v1/runs?kept=true&callback=dead", UriKind.Relative)))
        {
            Assert.Equal(id, Assert.Single((await list.ReadAsync()).GetProperty("runs").EnumerateArray()).GetProperty("id").GetString());
        }

        receiver.Answer("200");
        await SendAgainAsync(server, id);
        await StateAsync(server, id, "delivered");
        PrometheusPage metrics = null!;
        await Eventually.HoldsAsync(
            async () => Counted(metrics = await PrometheusPage.OfAsync(server), "delivered") == 2, s_patience, () => metrics.Text);
        Assert.Equal(2, Counted(metrics, "dead"));
        await server.EndAsync();
    }

    [Fact]
    public async Task A_callback_of_a_run_that_ended_before_its_server_was_killed_is_sent_by_the_next_start()
    {
        await using var receiver = new CallbackReceiver(s_address, "0"); // it never answers
        var server = await FaasServer.StartAsync(Settings(receiver, "timeout = 5s"));
        try
        {
            await server.UploadAsync("jobs/sum", "python", "return event['a'] + 1");
            var id = await AcceptAsync(server, receiver);
            await receiver.GetsAsync(1); // the attempt is under way, and nothing was noted
            await server.KillAsync();
            receiver.Answer("200");
            await server.DisposeAsync();

            server = await FaasServer.StartAsync(Settings(receiver, "timeout = 5s"), server.Folder);
            Assert.Equal("pending", (await KeptRuns.FindAsync(server, id)).GetProperty("callback").GetProperty("state").GetString());
            Assert.Equal(2, (await StateAsync(server, id, "delivered")).GetProperty("attempts").GetInt32()); // when the lease is over
            Assert.Equal(2, receiver.Received.Count(got => got.Headers["webhook-id"] == id));
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static string Settings(CallbackReceiver receiver, string more) =>
        $$"""
        faas.network.addresses = ["127.0.0.9"]
        faas.callbacks { hosts = ["{{receiver.Name}}"], secret = "{{OtherSecret}},{{Secret}}", {{more}} }
        """;

    private static async Task<string> AcceptAsync(FaasServer server, CallbackReceiver receiver)
    {
        using var answer = await KeptRuns.SendAsync(
            server, "jobs/sum", new { input = new { a = 41 }, callback = new { url = $"{receiver.Url}/done?token=1" } });
        var body = await answer.ReadAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body.GetRawText());
        return body.GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> StateAsync(FaasServer server, string id, string state)
    {
        JsonElement callback = default;
        await Eventually.HoldsAsync(
            async () => (callback = (await KeptRuns.FindAsync(server, id)).GetProperty("callback")).GetProperty("state").GetString() == state,
            s_patience,
            () => $"{callback}\n{server.Log}");
        return callback;
    }

    private static async Task SendAgainAsync(FaasServer server, string id)
    {
        using var answer = await server.Client.PostAsync(new Uri($"/api/v1/runs/{id}/callback", UriKind.Relative), null);
        Assert.Equal("pending", (await answer.ReadAsync()).GetProperty("callback").GetProperty("state").GetString());
    }

    // As a receiver does that others have made.
    private static async Task AssertReadAsync(ReceivedCallback got, string id)
    {
        var file = Path.Combine(TestFolder.Create("faas-callback-"), "callback.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { headers = got.Headers, body = got.Body }));
        var (status, output, errors) = await ReceiveAsync(Secret, file);
        Assert.Equal((0, ""), (status, errors));
        using var read = JsonDocument.Parse(output);
        var (root, data) = (read.RootElement, read.RootElement.GetProperty("data"));
        Assert.Equal(
            (id, "/run/jobs/sum", "faas.run.ok", id),
            (root.GetProperty("id").GetString(), root.GetProperty("source").GetString(), root.GetProperty("type").GetString(),
                root.GetProperty("subject").GetString()));
        Assert.Equal(
            (id, "ok", 42, "adding"),
            (data.GetProperty("id").GetString(), data.GetProperty("reason").GetString(), data.GetProperty("result").GetInt32(),
                data.GetProperty("log")[0].GetProperty("text").GetString()));

        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { headers = got.Headers, body = $"{got.Body} " }));
        (status, _, errors) = await ReceiveAsync(Secret, file);
        Assert.NotEqual(0, status);
        Assert.Contains("No matching signature found", errors, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, true);
    }

    private static async Task<(int Status, string Output, string Errors)> ReceiveAsync(string secret, string file)
    {
        var start = new ProcessStartInfo(
            Repository.File("runtimes/node_modules/.bin/node"),
            ["--no-warnings", Repository.File("tests/webhooks/receive.ts"), secret, file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    private static double Counted(PrometheusPage metrics, string state) => metrics.Sum("faas_kept_callbacks_total", $"faas_state={state}");
}
