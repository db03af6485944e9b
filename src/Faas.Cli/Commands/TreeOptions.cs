using System.CommandLine;
using Faas.Cli.Output;

namespace Faas.Cli.Commands;

/// <summary>The options by which a folder is one script of several files.</summary>
/// <param name="IsTree">Whether it is.</param>
/// <param name="Entry">The file that runs; null: it is found.</param>
internal readonly record struct TreeOptions(bool IsTree, string? Entry)
{
    /// <summary>The option that names the file that runs.</summary>
    public static Option<string?> EntryOption() => new("--entry", "-e")
    {
        Description = "the folder is one script, in which this file runs", HelpName = "FILE",
    };

    /// <summary>The option that says that a folder is one script.</summary>
    public static Option<bool> TreeOption() => new("--tree", "-t")
    {
        Description = "the folder is one script; the file that is named main or index runs, or the only one",
    };

    /// <summary>What was given.</summary>
    public static TreeOptions Of(Call call, Option<string?> entry, Option<bool> tree) =>
        call.Get(entry) is { } file ? new TreeOptions(true, file) : new TreeOptions(call.Get(tree), null);

    /// <summary>The folder. Throws <see cref="CliException"/>.</summary>
    public static string Folder(string given) => Directory.Exists(given)
        ? given
        : throw CliException.NotThere($"There is no folder {given}; --entry and --tree are for folders.");
}
