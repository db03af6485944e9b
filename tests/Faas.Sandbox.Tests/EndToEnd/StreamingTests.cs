using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Event streams through the whole server.</summary>
[Collection(nameof(SharedServer))]
public sealed partial class StreamingTests(SharedServer shared)
{
    private const string Slow = "import time\nfor i in range(10):\n    print(i)\n    time.sleep(0.1)\nreturn 'done'";

    private FaasServer Server => shared.Server;

    [Fact]
    public async Task Lines_arrive_as_they_are_printed()
    {
        await Server.RunNowAsync("python", "pass");
        using var response = await Server.OpenStreamAsync("/run-now", new { language = "python", code = Slow, stream = true });
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var watch = Stopwatch.StartNew();
        var arrivals = new List<double>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Contains("\"log\"", StringComparison.Ordinal))
            {
                arrivals.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        Assert.Equal(10, arrivals.Count);
        var gaps = arrivals.Zip(arrivals.Skip(1), (earlier, later) => later - earlier).Order().ToList();
        Assert.InRange(gaps[gaps.Count / 2], 50, 200);
        Assert.True(arrivals[^1] - arrivals[0] > 600, string.Join(' ', arrivals));
    }

    [Theory]
    [InlineData("javascript", "console.log('a'); console.error('b'); console.log('{\"c\":1}'); return [1]")]
    [InlineData("python", "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('{\"c\":1}')\nreturn [1]")]
    public async Task A_stream_has_its_log_lines_and_one_result(string language, string code)
    {
        var events = await Server.EventsAsync("/run-now", new { language, code, stream = true });

        var texts = events.Select(e => Stats().Replace(e.GetRawText(), "")).ToList();
        Assert.Equal(
            [
                """{"event":"log","data":"a","type":"text"}""",
                """{"event":"log","data":"b","type":"text","stream":"stderr"}""",
                """{"event":"log","data":{"c":1},"type":"json"}""",
                """{"event":"result","data":[1],"type":"json"}""",
            ],
            texts.Order(StringComparer.Ordinal).OrderBy(text => text.Contains("result", StringComparison.Ordinal)).ThenBy(text => text, LogOrder));
    }

    [Fact]
    public async Task A_failing_stream_ends_with_an_error_that_has_a_reason()
    {
        var events = await Server.EventsAsync("/run-now", new { language = "javascript", code = "console.log(1); throw new RangeError('no')", stream = true });

        Assert.Equal(2, events.Count);
        Assert.Equal(
            ("error", "error", "RangeError"),
            (events[1].GetProperty("event").GetString(), events[1].GetProperty("reason").GetString(), events[1].GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("python", "line = 'x' * 1023\nfor i in range(1 << 20): print(line)")]
    [InlineData("javascript", "const line = 'x'.repeat(1023); for (let i = 0; i < 1 << 20; i++) console.log(line)")]
    public async Task A_gigabyte_for_a_client_that_does_not_read_costs_the_server_no_memory_and_dies_with_the_client(string language, string code)
    {
        await using var server = await FaasServer.StartAsync("faas.sandbox.timeout = 60s");
        await server.EventsAsync("/run-now", new { language, code = "1", stream = true });
        await server.UploadAsync("warm/up", language, "return 1");
        for (var i = 0; i < 500; i++)
        {
            await server.RunAsync("warm/up");
        }

        var before = server.ResidentBytes();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            var body = System.Text.Json.JsonSerializer.Serialize(new { language, code, stream = true });
            await socket.SendAsync(Encoding.UTF8.GetBytes(
                $"POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            var highest = 0L;
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(20);)
            {
                await Task.Delay(250);
                highest = Math.Max(highest, server.ResidentBytes() - before);
            }

            Assert.Contains(server.Processes(), process => process.IsOfInvocation);
            Assert.InRange(highest, long.MinValue, 20L << 20);
        }

        await Eventually.HoldsAsync(
            () => server.Processes().All(process => !process.IsOfInvocation),
            TimeSpan.FromSeconds(1),
            () => string.Join('\n', server.Processes()));
        Assert.Equal(0, await server.StopAsync());
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    public async Task A_json_caller_that_leaves_takes_its_script_with_it()
    {
        using var leave = new CancellationTokenSource();
        var call = Server.Client.PostAsync(
            new Uri("/run-now", UriKind.Relative),
            new StringContent("""{"language":"python","code":"import time\ntime.sleep(9)"}""", Encoding.UTF8, "application/json"),
            leave.Token);
        await Server.RunsAsync();

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.HoldsAsync(() => Server.Processes().All(process => !process.IsOfInvocation), TimeSpan.FromSeconds(1), () => "the script still runs");
    }

    [GeneratedRegex(""","stats":\{"cpuSeconds":\d+\.\d+,"maxRssBytes":[1-9]\d+,"wallSeconds":\d+\.\d+\}""")]
    private static partial Regex Stats();

    private static Comparer<string> LogOrder { get; } = Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b)));

    private static int Rank(string text) => text.Contains("\"a\"", StringComparison.Ordinal) ? 0 : text.Contains("\"b\"", StringComparison.Ordinal) ? 1 : 2;
}
