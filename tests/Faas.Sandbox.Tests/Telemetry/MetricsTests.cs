using System.Diagnostics;
using System.Text.RegularExpressions;
using Faas.Sandbox.Tests.Settings;

namespace Faas.Sandbox.Tests.Telemetry;

/// <summary>What a server with real sandboxes tells at /metrics.</summary>
public sealed partial class MetricsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    [TestLimit(120)]
    public async Task Every_kind_of_call_leaves_its_numbers_and_promtool_accepts_the_page()
    {
        await using var server = await FaasServer.StartAsync(
            "faas.pool { running = 1, queue = 1, memory = 1G, spares { node = 0, python = 0, max = 0 } }");
        await server.UploadAsync("good", "python", "return 1");
        await server.UploadAsync("bad", "python", "raise ValueError('no')");
        await server.UploadAsync("slow", "python", "import time\ntime.sleep(2)\nreturn 3");
        await server.UploadAsync("endless", "python", "import time\ntime.sleep(60)");
        for (var call = 0; call < 5; call++)
        {
            Assert.Equal("1", (await server.RunAsync("good")).Data);
        }

        Assert.Equal("error", (await server.RunAsync("bad")).Reason);
        var tooSlow = new { language = "python", code = "import time\ntime.sleep(60)", timeout = 1 };
        Assert.Equal("timeout", (await server.ReplyAsync("/run-now", tooSlow)).Reason);
        Assert.Equal("2", (await server.RunNowAsync("javascript", "return 2")).Data);
        await server.EventsAsync("/run-now", new { language = "python", code = "print('x' * 5000)\nreturn 1", stream = true });
        using (await server.OpenStreamAsync("/run/endless", new { stream = true }))
        {
            // The client leaves.
        }

        await server.IsAtRestAsync();
        var crowd = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.RunAsync("slow")));
        var refused = crowd.Count(reply => reply.Status == System.Net.HttpStatusCode.TooManyRequests);
        Assert.InRange(refused, 1, 3);
        await server.IsAtRestAsync();

        PrometheusPage page = null!;
        await Eventually.HoldsAsync(
            async () => (page = await PrometheusPage.OfAsync(server)).Sum("faas_pool_mothers") > 0 || !IsByFork(server),
            s_patience,
            () => "no mother is counted");
        Assert.Equal(5, page.Sum("faas_invocations_total", "faas_name=good"));
        Assert.Equal(2, page.Sum("faas_invocations_total", "faas_name=/run-now"));
        Assert.Equal(1, page.Sum("faas_errors_total", "faas_name=bad", "error_type=error"));
        Assert.Equal(1, page.Sum("faas_errors_total", "faas_name=endless", "error_type=cancelled"));
        Assert.Equal(1, page.Sum("faas_timeouts_total", "faas_name=/run-now"));
        Assert.Equal(crowd.Length - refused, page.Sum("faas_invocations_total", "faas_name=slow"));
        Assert.Equal(refused, page.Sum("faas_pool_refusals_total", "faas_reason=queue_full"));
        Assert.Equal(refused, page.Sum("faas_http_throttled_total", "faas_reason=queue_full"));
        Assert.Equal(7 + crowd.Length - refused, page.Sum("faas_invoke_duration_seconds_count", "error_type="));
        Assert.Equal(5, page.Sum("faas_cpu_usage_seconds_count", "faas_name=good"));
        Assert.InRange(page.Sum("faas_mem_usage_bytes_sum", "faas_name=good") / 5, 1 << 20, 128 << 20);
        Assert.InRange(page.Sum("faas_pool_leases_total", "faas_start=warm"), 5, 9);
        Assert.InRange(page.Sum("faas_pool_leases_total", "faas_start=cold"), 4, 14);
        Assert.Equal(page.Sum("faas_pool_leases_total"), page.Sum("faas_pool_queue_duration_seconds_count"));
        Assert.InRange(page.Sum("faas_init_duration_seconds_count", "error_type="), 4, 20);
        Assert.Equal(page.Sum("faas_pool_sandboxes", "faas_state=idle"), page.Sum("faas_pool_sandboxes"));
        Assert.Equal(0, page.Sum("faas_pool_queue_length"));
        Assert.Equal(1 << 30, page.Sum("faas_pool_memory_limit_bytes"));
        Assert.InRange(page.Sum("faas_pool_memory_usage_bytes"), 1 << 20, 1 << 30);
        Assert.InRange(page.Sum("faas_http_stream_sent_bytes_total"), 5000, 6000);
        Assert.InRange(page.Sum("kestrel_active_connections"), 1, double.MaxValue);

        // Each look at /readyz asks the store, too.
        Assert.InRange(page.Sum("db_client_operation_duration_seconds_count", "db_system_name=redis"), 3, double.MaxValue);
        Assert.InRange(page.Sum("faas_store_memory_usage_bytes"), 1 << 18, 1 << 30);
        Assert.Equal(11, page.Sum("http_server_request_duration_seconds_count", "http_route=/run/{**path}"));
        Assert.Equal((0, ""), await PromtoolAsync(page.Text));
        await ThePageAboutMetricsKnowsAsync(page);
        await server.EndAsync();
    }

    [Fact]
    [TestLimit(120)]
    public async Task Kept_runs_and_schedules_leave_their_numbers()
    {
        await using var server = await FaasServer.StartAsync("faas.runs.kept.queue-per-path = 1");
        await server.UploadAsync("good", "python", "return 1");
        await server.UploadAsync("bad", "python", "raise ValueError('no')");
        await KeptRuns.EndedAsync(server, await KeptRuns.AcceptAsync(server, "good", new { }));
        await KeptRuns.EndedAsync(server, await KeptRuns.AcceptAsync(server, "bad", new { }));
        foreach (var status in new[] { System.Net.HttpStatusCode.Accepted, System.Net.HttpStatusCode.TooManyRequests })
        {
            using var later = await KeptRuns.SendAsync(server, "good", new { notBefore = DateTime.UtcNow.AddHours(1) });
            Assert.Equal(status, later.StatusCode);
        }

        await Schedules.EverySecondAsync(server, "ticking", "bad");
        await Schedules.HasRunsAsync(server, "ticking", 2);
        await Schedules.EverySecondAsync(server, "ticking", "bad", enabled: false);
        var fired = await Schedules.CountAsync(server, "ticking");

        PrometheusPage page = null!;
        await Eventually.HoldsAsync(
            async () => (page = await PrometheusPage.OfAsync(server)).Sum("faas_kept_queue_length", "faas_state=later") == 1
                && page.Sum("faas_kept_records") == fired + 2,
            TimeSpan.FromMinutes(1),
            () => page.Text);
        Assert.Equal((fired + 3, 1), (page.Sum("faas_kept_accepted_total"), page.Sum("faas_kept_refusals_total", "faas_reason=path_full")));
        Assert.Equal((1, fired + 1), (
            page.Sum("faas_kept_ended_total", "error_type="), page.Sum("faas_kept_ended_total", "error_type=error")));
        Assert.Equal((fired + 1, fired), (
            page.Sum("faas_kept_dead_letters_total"), page.Sum("faas_schedules_instants_total", "faas_outcome=fired")));
        Assert.Equal((0, 0, 0), (
            page.Sum("faas_kept_running"), page.Sum("faas_kept_queue_age_seconds"), page.Sum("faas_kept_queue_length", "faas_state=due")));
        Assert.All((string[])["ended", "open"], state =>
            Assert.InRange(page.Sum("faas_kept_store_usage_bytes", $"faas_state={state}"), 100, 1 << 20));
        Assert.Equal((0, ""), await PromtoolAsync(page.Text));
        await server.EndAsync();
    }

    [Fact]
    [Proves("metrics.scripts")]
    public async Task Scripts_beyond_the_allowed_names_share_one()
    {
        await using var server = await FaasServer.StartAsync("faas.metrics.scripts = 2");
        foreach (var path in (string[])["a", "b", "c", "d"])
        {
            await server.UploadAsync(path, "python", "return 1");
            await server.RunAsync(path);
        }

        var page = await PrometheusPage.OfAsync(server);
        Assert.Equal(
            (1, 1, 0, 2),
            (Runs("a"), Runs("b"), Runs("c"), Runs("/other")));
        await server.EndAsync();

        double Runs(string name) => page.Sum("faas_invocations_total", $"faas_name={name}");
    }

    // Every metric of the server's own, and no other; nothing in this test makes the server refuse a connection, connect to a host or keep
    // a run.
    private static async Task ThePageAboutMetricsKnowsAsync(PrometheusPage page)
    {
        var documented = Documented().Matches(await File.ReadAllTextAsync(Repository.File("docs/metrics.md")))
            .Select(name => name.Groups[1].Value).ToHashSet();
        var told = Told().Matches(page.Text).Select(name => name.Groups[1].Value).ToHashSet();
        Assert.Empty(told.Where(name => name.StartsWith("faas_", StringComparison.Ordinal)).Except(documented));
        Assert.Equal(
            ["faas_http_connections_refused_total"],
            documented.Except(told).Where(name => !NotHere().IsMatch(name)));
    }

    private static bool IsByFork(FaasServer server) => server.Log.Contains("starts sandboxes by fork", StringComparison.Ordinal);

    private static async Task<(int Status, string Said)> PromtoolAsync(string page)
    {
        var start = new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var promtool = Process.Start(start)!;
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(page);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, string.Concat(await said));
    }

    [GeneratedRegex("^faas_(egress|kept|schedules)_")]
    private static partial Regex NotHere();

    /// <summary>A metric's name, the first cell of a row.</summary>
    [GeneratedRegex(@"^\| `([a-z_]+)`", RegexOptions.Multiline)]
    private static partial Regex Documented();

    [GeneratedRegex("^# TYPE ([a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex Told();
}
