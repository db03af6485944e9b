using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Cli.Commands.Scripts;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Schedules;

/// <summary><c>faas schedule</c>: has scripts run by the clock.</summary>
internal static class ScheduleCommand
{
    private const int Usual = 50;

    /// <summary>Makes it.</summary>
    public static Command Make() => new Command("schedule", "has scripts run by the clock")
    {
        List(), SetSchedule.Make(), Show(), Remove(), Run(),
        Switch("enable", "lets a schedule fire", true), Switch("disable", "keeps a schedule from firing", false),
    }.Example(
        "faas schedule list",
        "faas schedule set report jobs/report --cron '30 6 * * MON-FRI' --time-zone Europe/Berlin",
        "faas schedule show report",
        "faas schedule disable report");

    /// <summary>A schedule's name, completed from those of the server.</summary>
    public static Argument<string> Name() => new Argument<string>("NAME") { Description = "the schedule's name" }.Completes(
        async (client, _, cancellation) =>
            (await client.Schedules.ListAsync(cancellation: cancellation)).Schedules.Select(one => one.Name));

    /// <summary>Shows one schedule.</summary>
    public static int Write(Terminal terminal, Schedule schedule)
    {
        if (terminal.IsJson)
        {
            terminal.Json(schedule, CliJson.Default.Schedule);
        }
        else
        {
            terminal.Details(ScheduleText.Details(schedule));
        }

        return ExitCode.Ok;
    }

    private static Command List()
    {
        var limit = CommandBuilding.Count("--limit", "N", 1, 1_000_000, $"how many are listed at most; {Usual} without it");
        var command = new Command("list", "lists the schedules") { limit };
        command.Aliases.Add("ls");
        return command.Example("faas schedule list").Does(async call =>
        {
            var most = call.Get(limit) ?? Usual;
            var (schedules, hasMore) = await Listed<Schedule>.ReadAsync(
                page => call.Client.Schedules.AllAsync(page, call.Cancellation), most, call.Cancellation);
            if (call.Terminal.IsJson)
            {
                call.Terminal.Json(schedules, CliJson.Default.IReadOnlyListSchedule);
            }
            else
            {
                call.Terminal.Table(["NAME", "SCRIPT", "CRON", "TIME ZONE", "NEXT", "LAST"], schedules.Select(ScheduleText.Row));
            }

            if (hasMore)
            {
                call.Terminal.Note($"There are more than {most}; --limit shows more of them.");
            }

            return ExitCode.Ok;
        });
    }

    private static Command Show()
    {
        var name = Name();
        return new Command("show", "shows a schedule, and what became of its last run") { name }
            .Example("faas schedule show report")
            .Does(async call => Write(call.Terminal, await call.Client.Schedules.GetAsync(call.Get(name)!, call.Cancellation)));
    }

    private static Command Remove()
    {
        var name = Name();
        return new Command("rm", "deletes a schedule; its runs go on") { name }
            .Example("faas schedule rm report")
            .Does(async call =>
            {
                await call.Client.Schedules.DeleteAsync(call.Get(name)!, cancellation: call.Cancellation);
                call.Terminal.Done(new JsonObject { ["name"] = call.Get(name), ["state"] = "deleted" }, $"{call.Get(name)} is deleted.");
                return ExitCode.Ok;
            });
    }

    private static Command Run()
    {
        var name = Name();
        return new Command("run", "has the run of a schedule begin now, and shows its id") { name }
            .Example("faas schedule run report", "faas wait $(faas schedule run report)")
            .Does(async call =>
            {
                var run = await call.Client.Schedules.RunAsync(call.Get(name)!, call.Cancellation);
                if (call.Terminal.IsJson)
                {
                    call.Terminal.Json(new JsonObject { ["id"] = run.Id, ["state"] = run.State });
                }
                else
                {
                    call.Terminal.Out.WriteLine(run.Id);
                }

                return ExitCode.Ok;
            });
    }

    private static Command Switch(string verb, string what, bool enabled)
    {
        var name = Name();
        return new Command(verb, what) { name }
            .Example($"faas schedule {verb} report")
            .Does(async call => Write(
                call.Terminal, await call.Client.Schedules.EnableAsync(call.Get(name)!, enabled, call.Cancellation)));
    }
}
