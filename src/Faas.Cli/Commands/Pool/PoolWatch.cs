using System.Text.Json;
using System.Threading.Channels;
using Faas.Cli.Output;
using Faas.Client;
using Spectre.Console;
using Columns = Faas.Cli.Output.Columns;

namespace Faas.Cli.Commands.Pool;

/// <summary>
/// Shows the pool as it changes, by the server's own events. Theory of operation: the server sends the whole pool and then each change, so
/// nothing is asked twice. A person sees the picture drawn anew, once a second at least so that times go on, and a program gets each
/// event as a line of JSON. When the connection breaks, it is made again, after a second or more.
/// </summary>
internal static class PoolWatch
{
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    /// <summary>Shows it until Ctrl+C.</summary>
    /// <param name="call">The command.</param>
    /// <param name="draw">The picture as lines.</param>
    public static Task<int> ShowAsync(Call call, Func<PoolSnapshot, DateTimeOffset, IReadOnlyList<string>> draw) =>
        call.Terminal is { OutIsTerminal: true, IsJson: false } ? DrawAsync(call, draw) : TellAsync(call);

    private static async Task<int> TellAsync(Call call)
    {
        await foreach (var happened in EventsAsync(
            call, why => call.Terminal.Complain(why, ExitCode.WordOf(ExitCode.Unreachable))))
        {
            call.Terminal.Out.WriteLine(JsonLayout.Of(
                JsonSerializer.SerializeToElement(happened, CliJson.Default.PoolEvent), indented: false));
        }

        return ExitCode.Ok;
    }

    private static async Task<int> DrawAsync(Call call, Func<PoolSnapshot, DateTimeOffset, IReadOnlyList<string>> draw)
    {
        var (pool, trouble) = (PoolSnapshot.Empty, "");
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            ColorSystem = call.Terminal.OutHasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        });
        var events = Channel.CreateUnbounded<PoolEvent>();
        var pump = PumpAsync(call, events.Writer, why => trouble = why);
        await screen.Live(new Text("")).Overflow(VerticalOverflow.Crop).AutoClear(false).StartAsync(async live =>
        {
            while (!events.Reader.Completion.IsCompleted)
            {
                await Task.WhenAny(events.Reader.WaitToReadAsync(CancellationToken.None).AsTask(), Task.Delay(s_beat, call.Cancellation));
                while (events.Reader.TryRead(out var happened))
                {
                    (pool, trouble) = (pool.After(happened), "");
                }

                // A line that wraps would push the first ones out of the picture.
                string[] lines = trouble.Length > 0 ? [trouble] : [.. draw(pool, DateTimeOffset.UtcNow)];
                live.UpdateTarget(new Text(string.Join(
                    '\n', lines.Take(Math.Max(1, screen.Profile.Height - 1)).Select(line => Columns.Cut(line, screen.Profile.Width)))));
            }
        });
        await pump;
        return ExitCode.Ok;
    }

    private static async Task PumpAsync(Call call, ChannelWriter<PoolEvent> output, Action<string> broken)
    {
        try
        {
            await foreach (var happened in EventsAsync(call, broken))
            {
                output.TryWrite(happened);
            }
        }
        finally
        {
            output.Complete();
        }
    }

    // The first connection must succeed: a wrong address or key is no matter of patience.
    private static async IAsyncEnumerable<PoolEvent> EventsAsync(Call call, Action<string> broken)
    {
        var wait = s_beat;
        for (var hasBegun = false; ;)
        {
            await using var events = call.Client.Pool.WatchAsync(call.Cancellation).GetAsyncEnumerator(call.Cancellation);
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (Exception failed) when (hasBegun && MayPass(failed))
                {
                    break;
                }

                (hasBegun, wait) = (true, s_beat);
                yield return events.Current;
            }

            broken($"{call.Server} does not answer; the connection is made again.");
            await Task.Delay(wait, call.Cancellation);
            wait = wait < s_longest ? wait * 2 : s_longest;
        }
    }

    /// <summary>Whether another try may succeed.</summary>
    public static bool MayPass(Exception failed) =>
        failed is HttpRequestException or IOException or FaasException { Problem.Status: 429 or >= 500 }
            or OperationCanceledException { InnerException: TimeoutException }; // the connection was not made in time
}
