using System.CommandLine;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Runs;

/// <summary><c>faas logs RUN</c>: what a kept run has printed, or prints.</summary>
internal static class LogsCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var id = new Argument<string>("RUN") { Description = "the run's id, as `faas call --async` and `faas runs` show it" };
        var follow = new Option<bool>("--follow", "-f")
        {
            Description = "shows what it prints as it prints it, and then its value, and ends as a call would have",
        };
        return new Command("logs", "shows the output of a run that the server keeps") { id, follow }
            .Example("faas logs 0194e4e8c3~k5f3a9c2e4b1d7a60", "faas logs -f $(faas call jobs/report --async)")
            .Does(async call =>
            {
                if (call.Get(follow))
                {
                    var live = new LiveRun(call.Terminal, quiet: false, LeftFiles.For(call.Terminal, folder: null, read: []));
                    var events = call.Client.KeptRuns.FollowAsync(call.Get(id)!, cancellation: call.Cancellation);
                    return await live.ShowAsync(events, call.Cancellation);
                }

                var run = await call.Client.KeptRuns.GetAsync(call.Get(id)!, call.Cancellation);
                RunsCommand.Tell(call, run, () => KeptRunText.WriteLog(call.Terminal, run));
                return ExitCode.Ok;
            });
    }
}
