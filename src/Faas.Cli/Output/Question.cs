using Spectre.Console;

namespace Faas.Cli.Output;

/// <summary>Asks a person.</summary>
internal static class Question
{
    /// <summary>Yes or no; no unless yes is said. Throws <see cref="CliException"/> where nobody can answer.</summary>
    public static bool Ask(Terminal terminal, string question) => terminal is { InputIsTerminal: true, ErrorIsTerminal: true }
        ? terminal.Person.Prompt(new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false })
        : throw CliException.Usage("Nobody is there to be asked whether to delete; --yes answers.");

    /// <summary>A text that is not shown while it is typed.</summary>
    public static string Hidden(Terminal terminal, string question) =>
        terminal.Person.Prompt(new TextPrompt<string>(Markup.Escape(question)) { IsSecret = true, Mask = null, AllowEmpty = true });
}
