using System.Net;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>
/// Schedules of a real server, which is killed under them; and what each key under <c>faas.schedules</c> does.
/// </summary>
[TestLimit(240)]
public sealed class ScheduleSettingTests
{
    private const string Settings = "faas.schedules { count = 3, grace = 1s, most-missed = 2 }";

    [Fact]
    [Proves("schedules.count")]
    [Proves("schedules.grace")]
    [Proves("schedules.most-missed")]
    [Proves("schedules.enabled")]
    public async Task A_schedule_fires_each_instant_once_and_over_a_kill_as_its_rules_say()
    {
        var server = await FaasServer.StartAsync(Settings);
        try
        {
            await server.UploadAsync("quick", "python", "return event");
            await server.UploadAsync("slow", "python", "import time\nwhile True: time.sleep(1)");
            await Schedules.EverySecondAsync(server, "all", "quick", missed: "all");
            await Schedules.EverySecondAsync(server, "none", "quick", missed: "skip");
            await Schedules.EverySecondAsync(server, "one", "slow", overlap: "skip");
            using (var full = await Schedules.PutAsync(server, "more", new { path = "quick", cron = "@daily" }))
            {
                Assert.Equal(HttpStatusCode.Conflict, full.StatusCode);
            }

            await Schedules.HasRunsAsync(server, "all", 3);
            await Schedules.HasRunsAsync(server, "none", 3);
            Assert.Equal(1, await Schedules.CountAsync(server, "one"));
            Assert.True(await Schedules.CountAsync(server, "one", "skipped") > 0);

            await AssertCancelsAsync(server);

            await server.KillAsync();
            await server.DisposeAsync();
            await Task.Delay(TimeSpan.FromSeconds(6)); // six instants pass without a server
            server = await FaasServer.StartAsync(Settings, server.Folder);
            var runs = await Schedules.CountAsync(server, "all");
            await Schedules.HasRunsAsync(server, "all", runs + 4);
            await Schedules.HasRunsAsync(server, "none", 5);

            // Stopped, they stand still, and can be counted.
            await Schedules.EverySecondAsync(server, "all", "quick", enabled: false);
            await Schedules.EverySecondAsync(server, "none", "quick", enabled: false);
            await AssertCountsAsync(server, "all", least: 2);
            await AssertCountsAsync(server, "none", least: 4);
            var last = (await Schedules.FindAsync(server, "all")).GetProperty("last").GetProperty("run").GetString()!;
            var record = await KeptRuns.EndedAsync(server, last);
            Assert.Equal(("ok", "schedule", "all", 1), (
                record.GetProperty("reason").GetString(),
                record.GetProperty("via").GetString(),
                record.GetProperty("schedule").GetString(),
                record.GetProperty("attempt").GetInt32()));

            Assert.Equal(0, await server.StopAsync());
            await server.DisposeAsync();
            server = await FaasServer.StartAsync("faas.schedules.enabled = false", server.Folder);
            await Schedules.EverySecondAsync(server, "none", "quick");
            var count = await Schedules.CountAsync(server, "none");
            await Eventually.HoldsAsync(
                async () => (await Schedules.FindAsync(server, "none")).GetProperty("next").GetDateTime() < DateTime.UtcNow.AddSeconds(-3),
                TimeSpan.FromMinutes(1),
                () => "time does not pass");
            Assert.Equal(count, await Schedules.CountAsync(server, "none"));
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    // The last run is cancelled before the next one begins.
    private static async Task AssertCancelsAsync(FaasServer server)
    {
        var first = (await Schedules.FindAsync(server, "one")).GetProperty("last").GetProperty("run").GetString()!;
        await Schedules.EverySecondAsync(server, "one", "slow", overlap: "cancel");
        await Schedules.HasRunsAsync(server, "one", 3);
        Assert.Equal("cancelled", (await KeptRuns.EndedAsync(server, first)).GetProperty("reason").GetString());
        await Schedules.EverySecondAsync(server, "one", "slow", enabled: false);
        var last = (await Schedules.FindAsync(server, "one")).GetProperty("last");
        if (last.GetProperty("state").GetString() != "ended")
        {
            await KeptRuns.CancelAsync(server, last.GetProperty("run").GetString()!);
        }
    }

    // Each instant from the first run to the last has a run, or was missed; and each run has one record.
    private static async Task AssertCountsAsync(FaasServer server, string name, int least)
    {
        var instants = await Schedules.InstantsAsync(server, name);
        var (runs, missed) = (await Schedules.CountAsync(server, name), await Schedules.CountAsync(server, name, "missed"));
        Assert.Equal(instants.Distinct(), instants);
        Assert.Equal(instants.Count, runs);
        Assert.True(runs + missed > (instants[^1] - instants[0]).TotalSeconds, $"{name}: {runs} runs, {missed} missed, {instants.Count} instants");
        Assert.True(missed >= least, $"{name}: {missed} missed");
    }
}
