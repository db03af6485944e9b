using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Faas.Sandbox.Tests.Faults;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Event streams through the whole server.</summary>
[Collection(nameof(SharedServer))]
public sealed partial class StreamingTests(SharedServer shared, ITestOutputHelper output)
{
    private const string Slow = "import time\nfor i in range(10):\n    print(i)\n    time.sleep(0.1)\nreturn 'done'";
    private const long MostHeld = 8 << 20;
    private static readonly TimeSpan s_filling = TimeSpan.FromSeconds(5);

    // A script that ends clearly before its time is over ended because its client left.
    private static readonly TimeSpan s_wellBeforeItsTimeout = TimeSpan.FromSeconds(5);

    private FaasServer Server => shared.Server;

    /// <summary>The machine may be busy with other things: one of five tries has to show what the server can keep.</summary>
    [Fact]
    [Trait("Machine", "Alone")]
    public async Task Lines_arrive_as_they_are_printed()
    {
        await Server.RunNowAsync("python", "pass");
        List<double> arrivals = [];
        for (var i = 0; i < 5 && !ArePrintedApart(arrivals); i++)
        {
            arrivals = await ArrivalsAsync();
            Assert.Equal(10, arrivals.Count);
        }

        Assert.True(ArePrintedApart(arrivals), string.Join(' ', arrivals));
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
            texts.Order(StringComparer.Ordinal)
                .OrderBy(text => text.Contains("result", StringComparison.Ordinal))
                .ThenBy(text => text, LogOrder));
    }

    [Fact]
    public async Task A_failing_stream_ends_with_an_error_that_has_a_reason()
    {
        var events = await Server.EventsAsync(
            "/run-now", new { language = "javascript", code = "console.log(1); throw new RangeError('no')", stream = true });

        Assert.Equal(2, events.Count);
        Assert.Equal(
            ("error", "error", "RangeError"),
            (
                events[1].GetProperty("event").GetString(),
                events[1].GetProperty("reason").GetString(),
                events[1].GetProperty("name").GetString()));
    }

    /// <summary>
    /// Theory: the server reads on until its buffers are full (LiveOutput.cs, 4 MiB for lines of 1 KiB), which takes less than a
    /// second, and then reads no more. So what is in use once all garbage is collected is bounded by those buffers, and
    /// the resident memory, of which garbage and the runtime's own needs are a part, stands still.
    /// </summary>
    [Theory]
    [TestLimit(180)]
    [InlineData("python", "line = 'x' * 1023\nfor i in range(1 << 20): print(line)")]
    [InlineData("javascript", "const line = 'x'.repeat(1023); for (let i = 0; i < 1 << 20; i++) console.log(line)")]
    public async Task A_gigabyte_for_a_client_that_does_not_read_costs_the_server_no_memory_and_dies_with_the_client(
        string language, string code)
    {
        using var memory = new ManagedMemory();
        await using var server = await FaasServer.StartAsync("faas.sandbox.timeout = 60s", null, memory.Environment);
        await server.EventsAsync("/run-now", new { language, code = "1", stream = true });
        await server.UploadAsync("warm/up", language, "return 1");
        for (var i = 0; i < 500; i++)
        {
            await server.RunAsync("warm/up");
        }

        var before = await memory.AskAsync();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            var body = System.Text.Json.JsonSerializer.Serialize(new { language, code, stream = true });
            await socket.SendAsync(Encoding.UTF8.GetBytes(
                $"POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            await Task.Delay(s_filling);
            var resident = new Trend("resident", "looks");
            for (var sample = 0; sample < 40; sample++)
            {
                await Task.Delay(250);
                resident.Add(sample, server.ResidentBytes());
            }

            var held = await memory.AskAsync() - before;
            output.WriteLine($"{held >> 10} KiB held; {resident}");
            Assert.Contains(server.Processes(), process => process.IsOfInvocation);
            Assert.InRange(held, long.MinValue, MostHeld);
            Assert.InRange(resident.Growth, double.MinValue, MostHeld);
        }

        await Eventually.HoldsAsync(
            () => server.Processes().All(process => !process.IsOfInvocation),
            s_wellBeforeItsTimeout,
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
        await Eventually.HoldsAsync(
            () => Server.Processes().All(process => !process.IsOfInvocation), s_wellBeforeItsTimeout, () => "the script still runs");
    }

    // Milliseconds after the headers. The script waits for 100 between two lines.
    private async Task<List<double>> ArrivalsAsync()
    {
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

        return arrivals;
    }

    private static bool ArePrintedApart(List<double> arrivals)
    {
        var gaps = arrivals.Zip(arrivals.Skip(1), (earlier, later) => later - earlier).Order().ToList();
        return gaps.Count > 0 && gaps[gaps.Count / 2] is >= 50 and <= 200 && arrivals[^1] - arrivals[0] > 600;
    }

    [GeneratedRegex(""","stats":\{"cpuSeconds":\d+\.\d+,"maxRssBytes":[1-9]\d+,"wallSeconds":\d+\.\d+\}""")]
    private static partial Regex Stats();

    private static Comparer<string> LogOrder { get; } = Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b)));

    private static int Rank(string text) =>
        text.Contains("\"a\"", StringComparison.Ordinal) ? 0 : text.Contains("\"b\"", StringComparison.Ordinal) ? 1 : 2;
}
