using Spectre.Console;

namespace Faas.Cli.Output;

/// <summary>Asks a person.</summary>
internal static class Question
{
    /// <summary>Yes or no; no unless yes is said. Throws <see cref="CliException"/> where nobody can answer.</summary>
    public static Task<bool> AskAsync(Terminal terminal, string question, CancellationToken cancellation) =>
        terminal is { InputIsTerminal: true, ErrorIsTerminal: true }
        ? terminal.Person.PromptAsync(new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false }, cancellation)
        : throw CliException.Usage("Nobody is there to be asked whether to delete; --yes answers.");

    /// <summary>A text that is not shown while it is typed.</summary>
    public static Task<string> HiddenAsync(Terminal terminal, string question, CancellationToken cancellation) =>
        terminal.Person.PromptAsync(
            new TextPrompt<string>(Markup.Escape(question)) { IsSecret = true, Mask = null, AllowEmpty = true }, cancellation);
}
