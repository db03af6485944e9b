using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>SIGTERM, and the two health pages.</summary>
public sealed class StopTests
{
    // Before the runtime listens to signals: there is nothing that could be left yet.
    private const int Untrained = 128 + Signals.Terminate;

    // The kernel ends the processes that a dead server leaves, and decides when. The scripts of these tests would run for longer.
    private static readonly TimeSpan s_leavingNothing = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task On_SIGTERM_a_running_invocation_finishes_and_nothing_is_left()
    {
        await using var server = await FaasServer.StartAsync("faas.http.drain-timeout = 10s");
        var running = server.RunNowAsync("python", "import time\ntime.sleep(1)\nreturn 'finished'");
        await server.RunsAsync();

        var stopped = server.StopAsync();

        Assert.Equal("\"finished\"", (await running).Data);
        Assert.Equal(0, await stopped);
        Assert.Empty(server.Processes());
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    public async Task Told_twice_within_a_second_it_stops_as_if_told_once()
    {
        await using var server = await FaasServer.StartAsync("faas.http.drain-timeout = 10s");
        var running = server.RunNowAsync("python", "import time\ntime.sleep(1)\nreturn 'finished'");
        await server.RunsAsync();

        Signals.Send(server.Pid, Signals.Interrupt);
        var stopped = server.StopAsync();

        Assert.Equal("\"finished\"", (await running).Data);
        Assert.Equal(0, await stopped);
        Assert.Empty(await SandboxTraces.AllAsync($"{server.Pid}-"));
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    public async Task Told_again_later_it_waits_for_nothing()
    {
        await using var server = await FaasServer.StartAsync("faas.http.drain-timeout = 30s");
        var running = server.RunNowAsync("python", "import time\ntime.sleep(25)");
        await server.RunsAsync();

        server.Terminate();
        await Task.Delay(TimeSpan.FromSeconds(1.1)); // the moment is what differs

        Assert.Equal(128 + Signals.Terminate, await server.StopAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => running);
        await Eventually.HoldsAsync(() => server.Processes().Count == 0, s_leavingNothing, () => string.Join('\n', server.Processes()));
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    public async Task After_the_drain_time_an_open_stream_ends_with_an_error_event_of_reason_cancelled()
    {
        await using var server = await FaasServer.StartAsync("faas.http.drain-timeout = 500ms");
        var stream = server.EventsAsync(
            "/run-now", new { language = "python", code = "import time\nprint('up')\ntime.sleep(25)", stream = true });
        await server.RunsAsync();

        var stopped = server.StopAsync();

        var last = (await stream)[^1];
        Assert.Equal(("error", "cancelled"), (last.GetProperty("event").GetString(), last.GetProperty("reason").GetString()));
        Assert.Equal(0, await stopped);
        Assert.Empty(server.Processes());
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    public async Task While_it_drains_new_work_is_refused()
    {
        await using var server = await FaasServer.StartAsync("faas.http.drain-timeout = 10s");
        var running = server.RunNowAsync("python", "import time\ntime.sleep(4)\nreturn 'finished'");
        await server.RunsAsync();

        server.Terminate();

        await Eventually.HoldsAsync(() => Refuses(server), TimeSpan.FromSeconds(3.5), () => "new work is still taken");
        Assert.False(running.IsCompleted);
        Assert.Equal("\"finished\"", (await running).Data);
        await server.StopAsync();
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    public async Task It_is_alive_and_ready()
    {
        await using var server = await FaasServer.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
        await server.StopAsync();
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    public async Task Killed_with_kill_9_it_leaves_no_process()
    {
        await using var server = await FaasServer.StartAsync();
        var running = server.RunNowAsync(
            "python", "import subprocess, time\nsubprocess.Popen(['/bin/sleep', '60'], start_new_session=True)\ntime.sleep(20)");
        await Eventually.HoldsAsync(
            () => server.Processes().Count(process => process.IsOfInvocation) >= 2, TimeSpan.FromSeconds(30), () => "it did not start");

        await server.KillAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => running);
        await Eventually.HoldsAsync(() => server.Processes().Count == 0, s_leavingNothing, () => string.Join('\n', server.Processes()));
        Directory.Delete(server.Folder, true);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(700)]
    [InlineData(1000)]
    [InlineData(1400)]
    public async Task SIGTERM_while_it_starts_ends_it_as_well_as_later(int afterMilliseconds)
    {
        await using var server = FaasServer.Begin();
        await Task.Delay(afterMilliseconds); // the moment is what differs

        var status = await server.StopAsync();

        Assert.True(status is 0 or Untrained, $"{status}\n{server.Log}");
        Assert.Equal("", server.Log.Contains("nhandled", StringComparison.Ordinal) ? server.Log : "");
        await Eventually.HoldsAsync(() => server.Processes().Count == 0, s_leavingNothing, () => string.Join('\n', server.Processes()));
        Assert.Empty(await SandboxTraces.AllAsync($"{server.Pid}-"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"faas-*-{server.Pid}-*"));
        Directory.Delete(server.Folder, true);
    }

    private static async Task<bool> Refuses(FaasServer server)
    {
        try
        {
            using var late = new HttpClient { BaseAddress = server.Address };
            using var content = new StringContent("""{"language":"javascript","code":"return 1"}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await late.PostAsync(new Uri("/run-now", UriKind.Relative), content);
            return response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
