using System.CommandLine;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Pool;

/// <summary><c>faas top</c>: the scripts that are busiest now.</summary>
internal static class TopCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var once = new Option<bool>("--once") { Description = "shows them once, and does not go on" };
        return new Command("top", "shows the scripts that are busiest now, as they change") { once }
            .Example("faas top", "faas top --once")
            .Does(async call =>
            {
                if (call.Terminal is { OutIsTerminal: true, IsJson: false } && !call.Get(once))
                {
                    return await WatchAsync(call);
                }

                var activity = await LatestActivity.ReadAsync(call, call.Cancellation);
                var pool = await call.Client.Pool.GetAsync(call.Cancellation);
                if (call.Terminal.IsJson)
                {
                    call.Terminal.Json(BusyScripts.Json(pool, activity, DateTimeOffset.UtcNow));
                    return ExitCode.Ok;
                }

                foreach (var line in BusyScripts.Lines(pool, activity, DateTimeOffset.UtcNow))
                {
                    call.Terminal.Out.WriteLine(line);
                }

                return ExitCode.Ok;
            });
    }

    private static async Task<int> WatchAsync(Call call)
    {
        var latest = new LatestActivity();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        var reading = latest.KeepAsync(call, end.Token);
        try
        {
            return await PoolWatch.ShowAsync(call, (pool, now) => BusyScripts.Lines(pool, latest.Value, now));
        }
        finally
        {
            await end.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
