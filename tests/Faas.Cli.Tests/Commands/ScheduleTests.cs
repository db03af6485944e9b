using System.Text.Json;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas schedule</c>, and the client's part of it.</summary>
[Collection(nameof(CliServer))]
public sealed class ScheduleTests(CliServer server) : IDisposable
{
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_schedule_is_set_shown_run_disabled_and_removed()
    {
        await UploadAsync();
        var set = await _cli.RunAsync(
            "schedule", "set", "of-cli", "scheduled/one", "--cron", "30 6 * * MON-FRI", "--time-zone", "Europe/Berlin", "--input", "{\"a\": 41}",
            "--overlap", "queue", "--missed", "once", "--priority", "9");
        Assert.Equal((0, ""), (set.ExitCode, set.Error));
        var shown = (await _cli.RunAsync("schedule", "show", "of-cli")).Out;
        Assert.Matches(@"script +scheduled/one\n", shown);
        Assert.Matches(@"cron +30 6 \* \* MON-FRI\n", shown);
        Assert.Matches(@"input +{""a"": ?41}\n", shown);
        Assert.Matches(@"counts +0 runs, 0 skipped, 0 missed, 0 failed\n", shown);
        Assert.Contains("of-cli", (await _cli.RunAsync("schedule", "ls")).Out);

        var id = (await _cli.RunAsync("schedule", "run", "of-cli")).Out.Trim();
        Assert.EndsWith("42\n", (await _cli.RunAsync("wait", id)).Out);
        Assert.Matches(@"schedule +of-cli\n", (await _cli.RunAsync("runs", "show", id)).Out);

        Assert.Matches(@"enabled +no\n", (await _cli.RunAsync("schedule", "disable", "of-cli")).Out);
        Assert.Contains("disabled", (await _cli.RunAsync("schedule", "list")).Out);
        Assert.Matches(@"enabled +yes\n", (await _cli.RunAsync("schedule", "enable", "of-cli")).Out);
        Assert.Equal(0, (await _cli.RunAsync("schedule", "rm", "of-cli")).ExitCode);
        Assert.Equal(66, (await _cli.RunAsync("schedule", "show", "of-cli")).ExitCode);
        Assert.Equal(65, (await _cli.RunAsync("schedule", "set", "of-cli", "scheduled/one", "--cron", "99 * * * *")).ExitCode);
        Assert.Equal(64, (await _cli.RunAsync("schedule", "set", "of-cli", "scheduled/one")).ExitCode);
    }

    [Fact]
    public async Task The_client_reads_all_that_a_schedule_says_and_changes_it_in_the_state_that_it_has_read()
    {
        await UploadAsync();
        using var input = JsonDocument.Parse("""{"a": 1}""");
        var schedules = server.Client.Schedules;
        var content = new NewSchedule("scheduled/one", "* * * * * *") { Input = input.RootElement, Overlap = "skip" };
        var made = await schedules.WriteAsync("of-client", content);
        Schedule fired = made;
        while (fired.Last?.State != "ended")
        {
            fired = await schedules.GetAsync("of-client");
        }

        Assert.Equal(("ok", "UTC", 5, true, "skip"), (fired.Last.Reason, fired.TimeZone, fired.Priority, fired.Enabled, fired.Missed));
        Assert.True(fired.Counts.Runs > 0 && fired.Next > made.CreatedAt);
        Assert.Equal("of-client", (await server.Client.KeptRuns.GetAsync(fired.Last.Run!)).Schedule);

        var disabled = await schedules.EnableAsync("of-client", enabled: false);
        Assert.Null(disabled.Next);
        Assert.NotEqual(made.Tag, disabled.Tag);
        var stale = await Assert.ThrowsAsync<FaasException>(() => schedules.WriteAsync("of-client", content, made.Tag));
        Assert.Equal("stale", stale.Problem.Reason);
        Assert.Equal(["of-client"], await schedules.AllAsync(page: 1).Where(one => one.Name == "of-client").Select(one => one.Name).ToListAsync());
        await schedules.DeleteAsync("of-client", disabled.Tag);
    }

    private Task<Uploaded> UploadAsync() =>
        server.Client.Scripts.UploadAsync(new Upload("scheduled/one", Languages.Python, "return event['a'] + 1"));
}
