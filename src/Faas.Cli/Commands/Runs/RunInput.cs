using System.CommandLine;
using System.Text.Json;
using Faas.Cli.Output;
using Faas.Cli.Sources;

namespace Faas.Cli.Commands.Runs;

/// <summary>The input of a call: JSON, a file with it after an <c>@</c>, or <c>-</c> for stdin.</summary>
internal static class RunInput
{
    /// <summary>How deep the JSON of inputs and values may be; the server's own limits are below it.</summary>
    public const int MostLevels = 100_000;

    /// <summary>The option.</summary>
    public static Option<string?> Option() => new("--input", "-i")
    {
        Description = "what the script sees as `event`: JSON, @FILE with JSON, or - for JSON from stdin",
        HelpName = "JSON|@FILE|-",
    };

    /// <summary>Reads it, as it stands; null: none is given. Throws <see cref="CliException"/>.</summary>
    public static string? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var (from, json) = text == SourceFile.StandardInput ? ("stdin", SourceFile.Text(SourceFile.StandardInput))
            : FileOf(text) is { } file ? (file, SourceFile.Text(file))
            : ("--input", text);
        try
        {
            using var _ = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostLevels });
            return json;
        }
        catch (JsonException wrong)
        {
            var quotes = from == "--input" ? " A text needs quotes of its own: --input '\"text\"'." : "";
            throw CliException.Usage($"{from} is no JSON: {JsonError.Of(wrong)}{quotes}");
        }
    }

    /// <summary>Of files that are each read once, at most one may be stdin. Throws <see cref="CliException"/>.</summary>
    /// <param name="files">All files that the command reads.</param>
    public static void CheckStdin(IEnumerable<string> files)
    {
        if (files.Count(file => file == SourceFile.StandardInput) > 1)
        {
            throw CliException.Usage("stdin is named twice, and can be read once.");
        }
    }

    /// <summary>The file that is the input, or stdin, if either is, and then the files that a call brings.</summary>
    public static IEnumerable<string> FilesOf(string? text, string[]? brought)
    {
        var input = text == SourceFile.StandardInput ? text : FileOf(text);
        return input is null ? BroughtFiles.FilesOf(brought) : BroughtFiles.FilesOf(brought).Prepend(input);
    }

    /// <summary>The file that an input names; null: it names none.</summary>
    public static string? FileOf(string? text) => text is ['@', .. { Length: > 0 } file] ? file : null;
}
