using System.CommandLine;
using System.CommandLine.Completions;
using Faas.Cli.Output;
using Faas.Cli.Sources;
using Faas.Client;

namespace Faas.Cli.Commands;

/// <summary>
/// Answers a shell that completes a line. Theory of operation: the shell calls <c>faas "[suggest:PLACE]" LINE</c> (CompletionCommand), and
/// gets the words that fit, one a line. Options are offered once a word begins with <c>-</c>, so that where a file is meant there is no
/// word, and the shell completes files. Names of what the server has are asked of it; where it does not answer at once, there are none.
/// </summary>
internal static class Completion
{
    private const string Directive = "[suggest:";
    private const int Most = 200;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether the arguments ask for words.</summary>
    public static bool IsAsked(string[] arguments) => arguments is [['[', ..] directive, _]
        && directive.StartsWith(Directive, StringComparison.Ordinal);

    /// <summary>Writes them.</summary>
    public static int Tell(RootCommand tree, string line, Terminal terminal)
    {
        var word = line[(line.LastIndexOf(' ') + 1)..];
        foreach (var item in tree.Parse(line, CommandLine.Parser).GetCompletions(line.Length)
            .Where(item => item.Label.StartsWith('-') == word.StartsWith('-')).DistinctBy(item => item.Label))
        {
            terminal.Out.WriteLine(item.InsertText ?? item.Label);
        }

        return ExitCode.Ok;
    }

    /// <summary>Completes names that the server knows.</summary>
    /// <param name="argument">What is completed.</param>
    /// <param name="names">The names, by the beginning of the word.</param>
    public static Argument<T> Completes<T>(
        this Argument<T> argument, Func<FaasClient, Asked, CancellationToken, Task<IEnumerable<string>>> names)
    {
        argument.CompletionSources.Add(context => IsTyped(argument, context)
            ? NamesAsync(context, names).GetAwaiter().GetResult()
                .Where(name => name.StartsWith(context.WordToComplete, StringComparison.Ordinal))
                .Select(name => new CompletionItem(name))
            : []);
        return argument;
    }

    // The parser asks all arguments of a command, and not the one alone at which the cursor is.
    private static bool IsTyped(Argument argument, CompletionContext context)
    {
        var tokens = context.ParseResult.GetResult(argument)?.Tokens ?? [];
        return context.WordToComplete is { Length: > 0 } word
            ? tokens.Any(token => token.Value == word)
            : tokens.Count < argument.Arity.MaximumNumberOfValues;
    }

    /// <summary>Completes scripts, and versions of one behind an <c>@</c> where they are allowed.</summary>
    public static Argument<T> CompletesScripts<T>(this Argument<T> argument, bool andVersions = false) =>
        argument.Completes(async (client, asked, cancellation) => andVersions && ScriptName.NamesVersion(asked.Word)
            ? (await client.Aliases.ListAsync(asked.Word[..asked.Word.LastIndexOf('@')], cancellation))
                .Select(alias => $"{asked.Word[..asked.Word.LastIndexOf('@')]}@{alias.Name}")
            : (await client.Scripts.PageAsync(asked.Word, limit: Most, cancellation: cancellation)).Scripts.Select(script => script.Path));

    /// <summary>Completes the aliases of the script that another argument names.</summary>
    public static Argument<T> CompletesAliases<T>(this Argument<T> argument, Argument<string> path) =>
        argument.Completes(async (client, asked, cancellation) =>
            (await client.Aliases.ListAsync(asked.Parsed.GetValue(path)!, cancellation)).Select(alias => alias.Name));

    // A person who types must not be kept waiting, nor be told what is wrong with the line.
    private static async Task<IEnumerable<string>> NamesAsync(
        CompletionContext context, Func<FaasClient, Asked, CancellationToken, Task<IEnumerable<string>>> names)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        try
        {
            if (context.ParseResult.GetValue(GlobalOptions.KeyFile) == SourceFile.StandardInput)
            {
                return []; // stdin is the terminal
            }

            using var call = new Call(context.ParseResult, Terminal.OfProcess, deadline.Token);
            return await names(call.Client, new Asked(context.WordToComplete, context.ParseResult), deadline.Token);
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>What is to be completed.</summary>
    /// <param name="Word">The word as far as it is typed.</param>
    /// <param name="Parsed">The line.</param>
    internal sealed record Asked(string Word, ParseResult Parsed);
}
