using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.http</c> does, and what a wrong one does.</summary>
public sealed class HttpSettingTests
{
    [Fact]
    [Proves("http.host")]
    [Proves("http.port")]
    public async Task Host_and_port_are_where_it_listens()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();

        await using var server = await FaasServer.StartAsync("faas.http.host = \"127.0.0.2\"", null, ("HTTP_PORT", $"{port}"));

        Assert.Equal(new Uri($"http://127.0.0.2:{port}"), server.Address);
        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        await server.EndAsync();
    }

    [Fact]
    [Proves("http.max-request-size")]
    [Proves("http.code-max-size")]
    public async Task Larger_requests_and_larger_scripts_are_refused()
    {
        await using var server = await FaasServer.StartAsync("faas.http { max-request-size = 2k, code-max-size = 20 }");

        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.RunNowAsync("python", "return 1            #")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.RunNowAsync("python", "return 1", new string('1', 2100))).Status);
        await server.EndAsync();
    }

    [Fact]
    [Proves("http.max-files")]
    [Proves("http.max-files-size")]
    [Proves("sandbox.out-files")]
    [Proves("sandbox.out-limit")]
    public async Task More_files_and_larger_ones_are_refused_on_both_ways()
    {
        await using var server = await FaasServer.StartAsync(
            "faas { http { max-files = 2, max-files-size = 10 }, sandbox { out-files = 3, out-limit = 20 } }");
        await using var none = await FaasServer.StartAsync("faas { http.max-files = 0, sandbox.out-files = 0 }");

        async Task<(HttpStatusCode, string)> BringAsync(FaasServer to, params string[] texts)
        {
            var reply = await to.ReplyAsync("/run-now", new
            {
                language = "python",
                code = "return 1",
                files = texts.Select((text, at) => new { name = $"{at}", text }).ToArray(),
            });
            return (reply.Status, reply.Status == HttpStatusCode.OK ? "" : reply.Reason);
        }

        async Task<string> LeaveAsync(FaasServer from, int files, int bytes)
        {
            var reply = await from.RunNowAsync(
                "python",
                $"import os\nos.mkdir('/tmp/out')\nfor n in range({files}):\n    open(f'/tmp/out/{{n}}', 'w').write('x' * {bytes})\nreturn 1");
            return reply.Status != HttpStatusCode.OK ? reply.Reason
                : reply.Body.TryGetProperty("files", out var left) ? $"{left.GetArrayLength()}" : "none";
        }

        Assert.Equal((HttpStatusCode.OK, ""), await BringAsync(server, "12345", "12345"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), await BringAsync(server, "12345", "123456"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), await BringAsync(server, "", "", ""));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), await BringAsync(none, ""));
        Assert.Equal(
            ["3", "2", "output_limit", "output_limit", "none"],
            [
                await LeaveAsync(server, 3, 6),
                await LeaveAsync(server, 2, 10),
                await LeaveAsync(server, 4, 0),
                await LeaveAsync(server, 3, 7),
                await LeaveAsync(none, 3, 7),
            ]);
        await server.EndAsync();
        await none.EndAsync();
    }

    [Fact]
    [Proves("http.ping-interval")]
    public async Task A_silent_stream_is_pinged()
    {
        await using var server = await FaasServer.StartAsync("faas.http.ping-interval = 1s");
        using var response = await server.OpenStreamAsync(
            "/run-now", new { language = "python", code = "import time\ntime.sleep(2.5)", stream = true });

        var text = await response.Content.ReadAsStringAsync();

        Assert.InRange(text.Split(": ping\n\n").Length - 1, 2, 20); // none within 15 s by default
        await server.EndAsync();
    }

    [Fact]
    [Proves("http.stalled-write-timeout")]
    public async Task A_client_that_reads_nothing_for_too_long_counts_as_gone()
    {
        await using var server = await FaasServer.StartAsync("faas.http.stalled-write-timeout = 1s");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        const string body = """{"language":"python","code":"while True: print('x' * 1000)","stream":true}""";
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        await server.RunsAsync();

        await Eventually.HoldsAsync(
            () => server.Processes().All(process => !process.IsOfInvocation), TimeSpan.FromSeconds(10), () => "it still runs");
        await server.EndAsync();
    }

    [Fact]
    [Proves("http.drain-timeout")]
    public async Task Drain_timeout_bounds_the_stop()
    {
        await using var server = await FaasServer.StartAsync("faas.http.drain-timeout = 0s");
        var running = server.RunNowAsync("python", "import time\ntime.sleep(29)");
        await server.RunsAsync();

        Assert.Equal(0, await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(15)));
        await Record.ExceptionAsync(() => running);
        Directory.Delete(server.Folder, true);
    }

    [Theory]
    [InlineData("HTTP_PORT", "eighty", "faas.http.port")]
    [InlineData("HTTP_PORT", "70000", "faas.http.port")]
    [InlineData("MAX_MEMORY", "lots", "faas.sandbox.memory")]
    [InlineData("MAX_CPUS", "-1", "faas.sandbox.cpus")]
    [InlineData("TIMEOUT_SCRIPT", "soon", "faas.sandbox.timeout")]
    [InlineData("CODE_MAX_SIZE", "0", "faas.http.code-max-size")]
    [InlineData("REDIS_DB", "x", "faas.store.redis.database")]
    [InlineData("REDIS_PORT", "0", "faas.store.redis.port")]
    [InlineData("REDIS_TIMEOUT_SECONDS", "never", "faas.store.redis.timeout")]
    public async Task A_wrong_value_stops_the_start_with_one_line_that_names_the_key_and_the_value(string name, string value, string key)
    {
        var (exitCode, log) = await FaasServer.StartAndFailAsync("", (name, value));

        Assert.Equal(78, exitCode);
        var line = Assert.Single(log.Trim().Split('\n'));
        Assert.Contains($"{key} = \"{value}\"", line, StringComparison.Ordinal);
        Assert.Contains("allowed is", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dot_env_file_counts_and_the_real_environment_wins()
    {
        var folder = TestFolder.Create("faas-test-");
        await File.WriteAllTextAsync(Path.Combine(folder, ".env"), "CODE_MAX_SIZE=10\nTIMEOUT_SCRIPT=nonsense\n");
        await using var server = await FaasServer.StartAsync("", folder, ("TIMEOUT_SCRIPT", "5"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.RunNowAsync("python", "return 12345")).Status);
        await server.EndAsync();
    }
}
