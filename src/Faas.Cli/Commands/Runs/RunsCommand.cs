using System.CommandLine;
using Faas.Cli.Commands.Scripts;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary><c>faas runs</c>: the runs that the server keeps.</summary>
internal static class RunsCommand
{
    private const int Usual = 50;

    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = Path();
        var state = new Option<string?>("--state") { Description = "only runs that are so", HelpName = "queued|running|ended" }
            .OneOf("queued", "running", "ended");
        var reason = Reason();
        var key = new Option<string?>("--of-key") { Description = "only runs of callers with the key of this name", HelpName = "NAME" }
            .NotEmpty();
        var schedule = Schedule();
        var limit = CommandBuilding.Count("--limit", "N", 1, 1_000_000, $"how many are listed at most; {Usual} without it");
        var dead = new Option<bool>("--dead")
        {
            Description = "only dead letters: asynchronous runs that have failed, and that no run has taken the place of",
        };
        var callback = new Option<string?>("--callback")
        {
            Description = "only runs whose callback is so; several with commas between them", HelpName = "pending|delivered|dead|skipped",
        }.NotEmpty();
        return new Command("runs", "lists the runs that the server keeps, the newest first")
        {
            path, state, reason, key, schedule, dead, callback, limit, Show(), Cancel(), RedriveCommand.Make(), SendCallback(),
        }
            .Example(
                "faas runs",
                "faas runs --path jobs --reason error,timeout",
                "faas runs --dead",
                "faas runs show 0194e4e8c3~k5f3a9c2e4b1d7a60")
            .Does(call =>
            {
                var filter = new KeptRunFilter
                {
                    Path = call.Get(path), State = call.Get(state), Reason = call.Get(reason), Key = call.Get(key),
                    Schedule = call.Get(schedule), Dead = call.Get(dead) ? true : null, Callback = call.Get(callback),
                };
                return ListAsync(call, filter, call.Get(limit) ?? Usual);
            });
    }

    /// <summary><c>faas wait ID</c>: shows what became of a run, once it has ended.</summary>
    public static Command Wait()
    {
        var id = Id();
        return new Command("wait", "waits for the end of an asynchronous run, and shows its value") { id }
            .Example("faas wait 0194e4e8c3~k5f3a9c2e4b1d7a60", "faas wait $(faas call jobs/report --async)")
            .Does(async call =>
            {
                var run = await call.Client.KeptRuns.WaitAsync(call.Get(id)!, call.Cancellation);
                Tell(call, run, () => KeptRunText.Write(call.Terminal, run));
                return KeptRunText.ExitCodeOf(run);
            });
    }

    /// <summary>The scripts that are meant.</summary>
    public static Option<string?> Path() =>
        new Option<string?>("--path") { Description = "only runs of this script and of those under it", HelpName = "PATH" }.NotEmpty();

    /// <summary>The ends that are meant.</summary>
    public static Option<string?> Reason() => new Option<string?>("--reason")
    {
        Description = "only runs that ended so, such as error or timeout; several with commas between them",
        HelpName = "REASON",
    }.NotEmpty();

    /// <summary>The schedule whose runs are meant.</summary>
    public static Option<string?> Schedule() => new Option<string?>("--schedule")
    {
        Description = "only runs that the schedule of this name has started", HelpName = "NAME",
    }.NotEmpty();

    private static Command Show()
    {
        var id = Id();
        return new Command("show", "shows the record of a run: its input, its value and its output") { id }
            .Example("faas runs show 0194e4e8c3~k5f3a9c2e4b1d7a60")
            .Does(async call =>
            {
                var run = await call.Client.KeptRuns.GetAsync(call.Get(id)!, call.Cancellation);
                Tell(call, run, () =>
                {
                    call.Terminal.Details(KeptRunText.Details(run));
                    KeptRunText.WriteLog(call.Terminal, run);
                });
                return ExitCode.Ok;
            });
    }

    private static Command Cancel()
    {
        var id = Id();
        return new Command("cancel", "cancels a run, and returns when its processes are dead") { id }
            .Example("faas runs cancel 0194e4e8c3~k5f3a9c2e4b1d7a60")
            .Does(async call =>
            {
                var run = await call.Client.KeptRuns.CancelAsync(call.Get(id)!, call.Cancellation);
                Tell(call, run, () => call.Terminal.Remark($"The run has ended: {run.Reason}."));
                return ExitCode.Ok;
            });
    }

    private static Command SendCallback()
    {
        var id = Id();
        return new Command("callback", "has the callback of an ended run sent again, such as one that is dead") { id }
            .Example("faas runs callback 0194e4e8c3~k5f3a9c2e4b1d7a60")
            .Does(async call =>
            {
                var run = await call.Client.KeptRuns.SendCallbackAsync(call.Get(id)!, call.Cancellation);
                Tell(call, run, () => call.Terminal.Remark($"The callback to {run.Callback?.Url} is {run.Callback?.State}."));
                return ExitCode.Ok;
            });
    }

    /// <summary>Writes a record as JSON, where that is asked for, or in words.</summary>
    internal static void Tell(Call call, KeptRun run, Action inWords)
    {
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(run, CliJson.Default.KeptRun);
        }
        else
        {
            inWords();
        }
    }

    private static async Task<int> ListAsync(Call call, KeptRunFilter filter, int most)
    {
        var (runs, hasMore) = await Listed<KeptRun>.ReadAsync(
            page => call.Client.KeptRuns.AllAsync(filter, page, call.Cancellation), most, call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(runs, CliJson.Default.IReadOnlyListKeptRun);
        }
        else
        {
            call.Terminal.Table(
                ["RUN", "SCRIPT", "STATE", "REASON", "RECEIVED", "TOOK"],
                runs.Select(run => (string[])
                [
                    run.Id,
                    run.Path,
                    run.State,
                    run.Reason ?? "",
                    Figures.Moment(run.Received),
                    run.RunSeconds is { } seconds ? Figures.Time(TimeSpan.FromSeconds(seconds)) : "",
                ]));
        }

        if (hasMore)
        {
            call.Terminal.Note($"There are more than {most}; --limit shows more of them.");
        }

        return ExitCode.Ok;
    }

    private static Argument<string> Id() => new("RUN") { Description = "the run's id, as `faas call --async` and `faas runs` show it" };
}
