using Faas.Cli.Output;
using Spectre.Console;

namespace Faas.Cli.Commands.Push;

/// <summary>A progress bar, for a person who pushes many scripts.</summary>
internal static class PushProgress
{
    private const int Many = 2;

    /// <summary>Does the work; shows how far it is, if somebody is there to see it.</summary>
    public static async Task<IReadOnlyList<Pushed>> ShowAsync(
        Terminal terminal, int count, Func<Action<Pushed>, Task<IReadOnlyList<Pushed>>> work)
    {
        if (!terminal.ErrorIsTerminal || count < Many)
        {
            return await work(_ => { });
        }

        return await terminal.Person.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask("pushes", maxValue: count);
            return await work(pushed =>
            {
                bar.Description = Markup.Escape(pushed.Path);
                bar.Increment(1);
            });
        });
    }
}
