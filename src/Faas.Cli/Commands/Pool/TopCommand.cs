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
                    return await PoolWatch.ShowAsync(call, BusyScripts.Lines);
                }

                var pool = await call.Client.Pool.GetAsync(call.Cancellation);
                if (call.Terminal.IsJson)
                {
                    call.Terminal.Json(BusyScripts.Json(pool, DateTimeOffset.UtcNow));
                    return ExitCode.Ok;
                }

                foreach (var line in BusyScripts.Lines(pool, DateTimeOffset.UtcNow))
                {
                    call.Terminal.Out.WriteLine(line);
                }

                return ExitCode.Ok;
            });
    }
}
