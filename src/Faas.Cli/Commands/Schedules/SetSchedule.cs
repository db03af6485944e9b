using System.CommandLine;
using System.Text.Json;
using Faas.Cli.Commands.Runs;
using Faas.Client;

namespace Faas.Cli.Commands.Schedules;

/// <summary><c>faas schedule set</c>: makes a schedule, or replaces it.</summary>
internal static class SetSchedule
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var name = ScheduleCommand.Name();
        var path = new Argument<string>("PATH") { Description = "the script" }.CompletesScripts();
        var cron = new Option<string>("--cron", "-c")
        {
            Description = "when: minute, hour, day of month, month, day of week; seconds may come first",
            HelpName = "CRON",
            Required = true,
        }.NotEmpty();
        var zone = new Option<string?>("--time-zone") { Description = "by which clock; UTC without it", HelpName = "ZONE" }.NotEmpty();
        var version = new Option<string?>("--version")
        {
            Description = "a version's number or an alias, looked up at each fire; the latest without it",
            HelpName = "VERSION",
        }.NotEmpty();
        var input = RunInput.Option();
        var priority = CommandBuilding.Count(
            "--priority", "N", 1, 9, "runs of the script with the highest priority go first; 5 without it");
        var overlap = new Option<string?>("--overlap")
        {
            Description = "what becomes of a fire while the last run has not ended; skip without it", HelpName = "skip|queue|cancel",
        }.OneOf("skip", "queue", "cancel");
        var missed = new Option<string?>("--missed")
        {
            Description = "what becomes of the fires of a time in which no server was up; skip without it", HelpName = "skip|once|all",
        }.OneOf("skip", "once", "all");
        var disabled = new Option<bool>("--disabled") { Description = "it does not fire until it is enabled" };
        return new Command("set", "makes a schedule, or replaces it")
        {
            name, path, cron, zone, version, input, priority, overlap, missed, disabled,
        }
            .Example(
                "faas schedule set report jobs/report --cron '30 6 * * MON-FRI' --time-zone Europe/Berlin --input '{\"days\": 1}'",
                "faas schedule set poll jobs/poll --cron '*/10 * * * * *' --overlap skip --missed once")
            .Does(async call =>
            {
                var schedule = new NewSchedule(ScriptName.OfPath(call.Get(path)!), call.Get(cron)!)
                {
                    TimeZone = call.Get(zone),
                    Version = call.Get(version),
                    Input = RunInput.Read(call.Get(input)) is { } json ? ElementOf(json) : null,
                    Priority = call.Get(priority),
                    Overlap = call.Get(overlap),
                    Missed = call.Get(missed),
                    Enabled = call.Get(disabled) ? false : null,
                };
                return ScheduleCommand.Write(
                    call.Terminal, await call.Client.Schedules.WriteAsync(call.Get(name)!, schedule, cancellation: call.Cancellation));
            });
    }

    private static JsonElement ElementOf(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = RunInput.MostLevels });
        return document.RootElement.Clone();
    }
}
