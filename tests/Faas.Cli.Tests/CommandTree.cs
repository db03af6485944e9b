using System.CommandLine;
using Faas.Cli.Commands;

namespace Faas.Cli.Tests;

/// <summary>All commands of the command line.</summary>
internal static class CommandTree
{
    /// <summary>Each, the root and those that only have commands below them included.</summary>
    public static IReadOnlyList<Command> All { get; } = [.. From(CommandLine.Tree())];

    /// <summary>How a command is typed, without <c>faas</c>.</summary>
    public static string NameOf(Command command) => command is RootCommand ? ""
        : $"{NameOf(command.Parents.OfType<Command>().First())} {command.Name}".Trim();

    private static IEnumerable<Command> From(Command command) => command.Subcommands.SelectMany(From).Prepend(command);
}
