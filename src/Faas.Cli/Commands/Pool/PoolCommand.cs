using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Actors.Configuration;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Pool;

/// <summary><c>faas pool</c>: the sandboxes and runs of now.</summary>
internal static class PoolCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "goes on and shows each change as it happens" };
        return new Command("pool", "shows the sandboxes and runs of now") { watch, Cancel(), Drain(), Resume() }
            .Example("faas pool", "faas pool --watch", "faas pool cancel 0194e4e8c2~7", "faas pool drain --within 1m")
            .Does(call => call.Get(watch) ? PoolWatch.ShowAsync(call, PoolTable.Of) : ShowAsync(call));
    }

    private static async Task<int> ShowAsync(Call call)
    {
        var pool = await call.Client.Pool.GetAsync(call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(pool, CliJson.Default.PoolSnapshot);
            return ExitCode.Ok;
        }

        foreach (var line in PoolTable.Of(pool, DateTimeOffset.UtcNow))
        {
            call.Terminal.Out.WriteLine(line);
        }

        return ExitCode.Ok;
    }

    private static Command Cancel()
    {
        var run = new Argument<string>("RUN") { Description = "the run's id, as `faas pool` shows it" };
        return new Command("cancel", "cancels a run") { run }.Example("faas pool cancel 0194e4e8c2~7").Does(async call =>
        {
            await call.Client.Pool.CancelAsync(call.Get(run)!, call.Cancellation);
            call.Terminal.Done(new JsonObject { ["run"] = call.Get(run), ["state"] = "cancelled" }, "The run is cancelled.");
            return ExitCode.Ok;
        });
    }

    private static Command Drain()
    {
        var within = new Option<string?>("--within")
        {
            Description = "how long accepted runs are served, at most an hour; without it as when the server stops",
            HelpName = "TIME",
        };
        within.Validators.Add(result => CommandBuilding.Check(
            result, text => DurationText.TryParse(text, out _), "a duration such as 30s or 5m"));
        return new Command("drain", "refuses new runs, lets the others end, and returns when no sandbox is left") { within }
            .Example("faas pool drain --within 1m")
            .Does(async call =>
            {
                var time = call.Get(within) is { } text && DurationText.TryParse(text, out var given) ? given : (TimeSpan?)null;
                await call.Client.Pool.DrainAsync(time, call.Cancellation);
                call.Terminal.Done(
                    new JsonObject { ["state"] = "drained" }, "No sandbox is left; `faas pool resume` lets runs in again.");
                return ExitCode.Ok;
            });
    }

    private static Command Resume() => new Command("resume", "accepts runs again").Example("faas pool resume").Does(async call =>
    {
        await call.Client.Pool.ResumeAsync(call.Cancellation);
        call.Terminal.Done(new JsonObject { ["state"] = "resumed" }, "The server accepts runs.");
        return ExitCode.Ok;
    });
}
