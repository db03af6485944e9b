using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Faas.Actors.Json;
using Faas.Cli.Output;

namespace Faas.Cli.Commands;

/// <summary>Says what is wrong with the arguments.</summary>
internal static class Usage
{
    /// <summary>Says it, and what may have been meant; null: nothing is wrong.</summary>
    public static int? Refuse(ParseResult parsed, Terminal terminal)
    {
        var unknown = UnknownOption(parsed);
        var empty = unknown is null ? EmptyArgument(parsed) : null;
        var misplaced = unknown is null && empty is null ? MisplacedOption(parsed) : null;
        if (parsed.Action is not ParseErrorAction && unknown is null && empty is null && misplaced is null)
        {
            return null;
        }

        unknown ??= parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        var command = parsed.CommandResult.Command;
        var line = unknown is not null ? Unknown(unknown, command)
            : empty is not null ? $"{empty} is empty."
            : misplaced ?? parsed.Errors[0].Message;
        terminal.Complain($"{line} `{NameOf(command)} --help` says what is allowed.", ExitCode.WordOf(ExitCode.Usage));
        return ExitCode.Usage;
    }

    /// <summary>
    /// What looks like an option and was taken for an argument, as the parser does with an option that it does not know; null: nothing.
    /// Behind <c>--</c> everything is an argument.
    /// </summary>
    private static string? UnknownOption(ParseResult parsed) =>
        parsed.Action is null or SynchronousCommandLineAction { ClearsParseErrors: true } ? null
        : parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value is ['-', '-' or (>= 'A' and <= 'z'), ..])?.Value;

    // An empty text names nothing; a shell makes it of a variable that is not set.
    private static string? EmptyArgument(ParseResult parsed) =>
        parsed.Action is null or SynchronousCommandLineAction { ClearsParseErrors: true } ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>()
            .FirstOrDefault(one => one.Argument.Name != CommandBuilding.Prefix && one.Tokens.Any(token => token.Value.Length == 0))
            ?.Argument.Name;

    /// <summary>
    /// What is wrong with an option that stands before the name of a command below its own one; null: nothing. The parser takes it, and the
    /// command below would not see it.
    /// </summary>
    private static string? MisplacedOption(ParseResult parsed)
    {
        if (parsed.Action is null or SynchronousCommandLineAction { ClearsParseErrors: true })
        {
            return null;
        }

        for (var above = parsed.CommandResult.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
        {
            if (above.Children.OfType<OptionResult>().FirstOrDefault(one => !one.Implicit && !one.Option.Recursive) is { } option)
            {
                var command = parsed.CommandResult.Command.Name;
                return $"The option \"{option.Option.Name}\" stands before \"{command}\", which does not see it there; write it behind.";
            }
        }

        return null;
    }

    private static string Unknown(string text, Command command)
    {
        var name = text.Split('=')[0];
        var isOption = text.StartsWith('-');
        var above = AndParents(command).Skip(1);
        if (isOption && above.FirstOrDefault(one => one.Options.Any(option => Names(option).Contains(name))) is { } owner)
        {
            return $"The option \"{name}\" is one of `{NameOf(owner)}`, and not of `{NameOf(command)}`.";
        }

        var known = isOption
            ? command.Options.Concat(above.SelectMany(one => one.Options).Where(option => option.Recursive)).SelectMany(Names)
            : command.Subcommands.SelectMany(one => one.Aliases.Prepend(one.Name));
        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return NearestName.Of(name, known) is { } nearest && nearest != name
            ? $"There is no {what} \"{text}\"; did you mean {nearest}?"
            : $"There is no {what} \"{text}\" here.";
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static string NameOf(Command command) =>
        string.Join(' ', AndParents(command).Reverse().Select(one => one is RootCommand ? "faas" : one.Name));

    private static IEnumerable<Command> AndParents(Command command)
    {
        for (var one = command; one is not null; one = one.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return one;
        }
    }
}
