using System.Net;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>
/// What each key under <c>faas.runs.recent</c> does; and that real runs of each language are shown with what they printed.
/// </summary>
public sealed class RecentRunSettingTests
{
    private const string JavaScript = "console.log('one'); console.error('two'); return 1";
    private const string Python = "import sys\nprint('one')\nprint('two', file=sys.stderr)\nreturn 1";

    [Fact]
    [Proves("runs.recent.count")]
    [Proves("runs.recent.log-size")]
    [Proves("runs.recent.log-memory")]
    [Proves("runs.recent.scripts")]
    public async Task Runs_output_and_counted_scripts_are_kept_up_to_their_limits()
    {
        await using var server = await FaasServer.StartAsync(
            "faas.runs.recent { count = 3\nlog-size = 4k\nlog-memory = 5k\nscripts = 1 }");
        const string chatty = "for i in range(1000):\n    print(f'line {i}')\nreturn 2";
        await server.UploadAsync("chatty", "python", chatty);
        await server.UploadAsync("small", "javascript", JavaScript);
        foreach (var path in new[] { "small", "chatty", "chatty", "small" })
        {
            using var run = await server.PostAsync($"/run/{path}", new { });
            Assert.Equal(HttpStatusCode.OK, run.StatusCode);
        }

        var runs = await SettledAsync(server, 3);
        Assert.Equal(["small", "chatty", "chatty"], runs.Select(run => Text(run, "path")));
        Assert.All(runs, run => Assert.Equal("ok", Text(run, "reason")));
        Assert.All(runs, run => Assert.True(run.GetProperty("memoryBytes").GetInt64() > 0));
        var (small, _) = await LogAsync(server, runs[0]);
        Assert.Equal(["stderr two", "stdout one"], small.Order());
        var (kept, isCut) = await LogAsync(server, runs[1]);
        Assert.Equal((true, "stdout line 999"), (isCut, kept[^1]));
        Assert.InRange(kept.Sum(line => line.Length - "stdout ".Length + 1), 3000, 4096);
        Assert.Equal((0, true), await CountAsync(server, runs[2])); // the oldest output had to go

        using var activity = await JsonAsync(server, "/api/v1/runs/activity");
        var counted = Assert.Single(activity.RootElement.GetProperty("scripts").EnumerateArray());
        Assert.Equal(("small", 1), (Text(counted, "path"), counted.GetProperty("runs").GetInt32()));
        await server.EndAsync();
    }

    [Fact]
    [Proves("runs.recent.max-age")]
    public async Task Max_age_is_how_long_a_run_is_kept()
    {
        await using var server = await FaasServer.StartAsync("faas.runs.recent.max-age = 1s");
        foreach (var (language, code) in new[] { ("javascript", JavaScript), ("python", Python) })
        {
            using var run = await server.PostAsync("/run-now", new { language, code, stream = true });
            await run.Content.ReadAsStringAsync();
        }

        await Eventually.HoldsAsync(
            async () => (await RunsAsync(server)).Count == 0, TimeSpan.FromSeconds(30), () => "they are still there");
        await server.EndAsync();
    }

    private static async Task<List<JsonElement>> SettledAsync(FaasServer server, int count)
    {
        List<JsonElement> runs = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                runs = await RunsAsync(server);
                return runs.Count == count && runs.All(run => run.TryGetProperty("memoryBytes", out _) && run.TryGetProperty("status", out _));
            },
            TimeSpan.FromSeconds(30),
            () => string.Join('\n', runs));
        return runs;
    }

    private static async Task<List<JsonElement>> RunsAsync(FaasServer server)
    {
        using var list = await JsonAsync(server, "/api/v1/runs");
        return [.. list.RootElement.GetProperty("runs").EnumerateArray().Select(run => run.Clone())];
    }

    private static async Task<(List<string> Lines, bool IsCut)> LogAsync(FaasServer server, JsonElement run)
    {
        using var detail = await JsonAsync(server, $"/api/v1/runs/{Text(run, "id")}");
        return (
            [.. detail.RootElement.GetProperty("log").EnumerateArray().Select(line => $"{Text(line, "stream")} {Text(line, "text")}")],
            detail.RootElement.TryGetProperty("logCut", out _));
    }

    private static async Task<(int Lines, bool IsCut)> CountAsync(FaasServer server, JsonElement run)
    {
        var (lines, isCut) = await LogAsync(server, run);
        return (lines.Count, isCut);
    }

    private static async Task<JsonDocument> JsonAsync(FaasServer server, string route) =>
        JsonDocument.Parse(await server.Client.GetStringAsync(route));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
