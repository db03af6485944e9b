using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Other settings, and a drain, while a real server works.</summary>
public sealed class ReloadTests
{
    private const string Sleeper = "import time\ntime.sleep(2)\nreturn 'slept'";
    private static readonly Uri s_reload = new("/api/v1/reload", UriKind.Relative);
    private static readonly Uri s_drain = new("/api/v1/pool/drain", UriKind.Relative);
    private static readonly Uri s_ready = new("/readyz", UriKind.Relative);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_call_that_waits_for_a_place_gets_one_when_the_pool_becomes_larger()
    {
        await using var server = await FaasServer.StartAsync(Settings(places: 1));
        var first = server.RunNowAsync("python", "import time\ntime.sleep(20)");
        await server.RunsAsync();
        var second = server.RunNowAsync("python", "return 'served'");
        await Eventually.HoldsAsync(async () => await WaitingAsync(server) == 1, s_patience, () => "no call waits");
        Replace(server, "running = 1", "running = 2");

        using var reloaded = await server.Client.PostAsync(s_reload, null);

        Assert.Equal(HttpStatusCode.OK, reloaded.StatusCode);
        Assert.Equal("\"served\"", (await second).Data);
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task On_SIGHUP_a_server_without_a_terminal_reads_its_settings_anew_and_goes_on()
    {
        await using var server = await FaasServer.StartAsync(Settings(places: 1));
        Replace(server, "running = 1", "running = many");
        Signals.Send(server.Pid, Signals.HangUp);
        await LoggedAsync(server, "not followed, so all stay as they were: faas.pool.running = \"many\"");

        Replace(server, "running = many", "running = 3");
        Signals.Send(server.Pid, Signals.HangUp);

        await LoggedAsync(server, "in force now: faas.pool.running = 3 (was 1)");
        Assert.Equal("\"slept\"", (await server.RunNowAsync("python", Sleeper)).Data);
    }

    [Fact]
    public async Task A_pool_that_asks_for_more_sandboxes_than_the_server_has_set_aside_gets_those_and_says_so()
    {
        await using var server = await FaasServer.StartAsync(Settings(places: 1));
        Replace(server, "running = 1", "running = 1\nfaas.pool.sandboxes = 10000");

        using var reloaded = await server.Client.PostAsync(s_reload, null);

        var notice = Assert.Single((await reloaded.ReadAsync()).GetProperty("notices").EnumerateArray()).GetString();
        Assert.Matches(@"^Faas keeps \d+ sandboxes at once, not faas\.pool\.sandboxes = 10000", notice);
    }

    [Fact]
    public async Task A_drain_by_a_call_ends_when_the_calls_have_and_the_server_serves_again_when_it_is_told_to()
    {
        await using var server = await FaasServer.StartAsync();
        var running = server.RunNowAsync("python", Sleeper);
        await server.RunsAsync();

        using (var drained = await server.Client.PostAsync(s_drain, null))
        {
            Assert.Equal(HttpStatusCode.NoContent, drained.StatusCode);
        }

        Assert.Equal("\"slept\"", (await running).Data);
        Assert.Equal("draining", (await server.RunNowAsync("python", "return 1")).Reason);
        Assert.DoesNotContain(server.Processes(), process => process.IsOfInvocation);
        using (var ready = await server.Client.GetAsync(s_ready))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        using var resumed = await server.Client.DeleteAsync(s_drain);
        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
    }

    private static string Settings(int places) => $"faas.pool.running = {places}";

    private static void Replace(FaasServer server, string before, string after)
    {
        var file = Path.Combine(server.Folder, "overrides.conf");
        var text = File.ReadAllText(file);
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(before, after, StringComparison.Ordinal));
    }

    private static Task LoggedAsync(FaasServer server, string text) => Eventually.HoldsAsync(
        () => server.Log.Contains(text, StringComparison.Ordinal), s_patience, () => $"\"{text}\" is not in the log:\n{server.Log}");

    private static async Task<int> WaitingAsync(FaasServer server)
    {
        using var ready = await server.Client.GetAsync(s_ready);
        return (await ready.ReadAsync()).GetProperty("pool").GetProperty("waiting").GetInt32();
    }
}
