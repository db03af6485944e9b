using System.CommandLine;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary><c>faas runs redrive</c>: has runs that have failed run again.</summary>
internal static class RedriveCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var id = new Argument<string?>("RUN")
        {
            Description = "the run's id, as `faas runs` shows it; without it, all dead letters that the options mean",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (path, reason, schedule) = (RunsCommand.Path(), RunsCommand.Reason(), RunsCommand.Schedule());
        var to = new Option<string?>("--to")
        {
            Description = "the version that runs: its number, an alias or latest; without it, the version of the run", HelpName = "VERSION",
        }.NotEmpty();
        var limit = CommandBuilding.Count("--limit", "N", 1, 1000, "how many run again at most, the newest first; 100 without it");
        return new Command("redrive", "has an ended run, or dead letters, run again with the same input")
        {
            id, path, reason, schedule, to, limit,
        }
            .Example(
                "faas runs redrive 0194e4e8c3~k5f3a9c2e4b1d7a60",
                "faas runs redrive --path jobs --reason sandbox",
                "faas runs redrive --to latest")
            .Does(call =>
            {
                var filter = new KeptRunFilter { Path = call.Get(path), Reason = call.Get(reason), Schedule = call.Get(schedule) };
                return call.Get(id) is not { } run ? ManyAsync(call, filter, call.Get(to), call.Get(limit))
                    : filter == new KeptRunFilter() && call.Get(limit) is null ? OneAsync(call, run, call.Get(to))
                    : throw CliException.Usage(
                        "--path, --reason, --schedule and --limit choose among the dead letters, and have no place beside RUN.");
            });
    }

    private static async Task<int> OneAsync(Call call, string id, string? to)
    {
        var run = await call.Client.KeptRuns.RedriveAsync(id, to, call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(run, CliJson.Default.AcceptedRun);
        }
        else
        {
            call.Terminal.Out.WriteLine(run.Id);
        }

        return ExitCode.Ok;
    }

    private static async Task<int> ManyAsync(Call call, KeptRunFilter filter, string? to, int? limit)
    {
        var result = await call.Client.KeptRuns.RedriveAsync(filter, to, limit, call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(result, CliJson.Default.RedriveResult);
        }
        else
        {
            foreach (var run in result.Redriven)
            {
                call.Terminal.Out.WriteLine(run.By);
            }

            foreach (var run in result.Refused)
            {
                call.Terminal.Error.WriteLine($"{run.Id}: {run.Detail}");
            }
        }

        if (!call.Terminal.IsJson && result.More == true)
        {
            call.Terminal.Note("There may be more; the same command has them run again.");
        }
        else if (!call.Terminal.IsJson && result is { Redriven.Count: 0, Refused.Count: 0 })
        {
            call.Terminal.Note("No dead letter matches, so nothing runs again.");
        }

        return result.Refused.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
