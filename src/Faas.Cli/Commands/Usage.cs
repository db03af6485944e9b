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
        if (parsed.Action is not ParseErrorAction && unknown is null && empty is null)
        {
            return null;
        }

        unknown ??= parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        var command = parsed.CommandResult.Command;
        var line = unknown is not null ? Unknown(unknown, command)
            : empty is not null ? $"{empty} is empty."
            : parsed.Errors[0].Message;
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

    private static string Unknown(string text, Command command)
    {
        var isOption = text.StartsWith('-');
        var known = isOption
            ? AndParents(command).SelectMany(one => one.Options).SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.SelectMany(one => one.Aliases.Prepend(one.Name));
        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return NearestName.Of(text.Split('=')[0], known) is { } nearest
            ? $"There is no {what} \"{text}\"; did you mean {nearest}?"
            : $"There is no {what} \"{text}\" here.";
    }

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
