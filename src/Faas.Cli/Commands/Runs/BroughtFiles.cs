using System.CommandLine;
using Faas.Cli.Output;
using Faas.Cli.Sources;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>The files that a call brings: <c>--file FILE</c> under its own name, <c>--file NAME=FILE</c> under another one.</summary>
internal static class BroughtFiles
{
    // The most that faas.http.max-files-size allows.
    private const int MostBytes = 64 << 20;

    /// <summary>The option.</summary>
    public static Option<string[]> Option()
    {
        var option = new Option<string[]>("--file")
        {
            Description = "a file that the script finds in /tmp/in, by its name or by NAME; NAME=- is stdin. May be given several times",
            HelpName = "[NAME=]FILE",
        };
        option.Validators.Add(result => CommandBuilding.Check(
            result,
            text => Split(text) is ({ Length: > 0 }, { Length: > 0 }) and not (SourceFile.StandardInput, SourceFile.StandardInput),
            "FILE, NAME=FILE or NAME=-"));
        return option;
    }

    /// <summary>Reads them; null: none is given. Throws <see cref="CliException"/>.</summary>
    /// <param name="texts">What the option says.</param>
    /// <param name="others">What else may be stdin, which can be read once: the code and the input.</param>
    public static IReadOnlyList<RunFile>? Read(string[]? texts, params IEnumerable<string?> others)
    {
        if (texts is not { Length: > 0 })
        {
            return null;
        }

        if (FilesOf(texts).Concat(others).Count(file => file == SourceFile.StandardInput) > 1)
        {
            throw CliException.Usage("stdin is named twice, and can be read once.");
        }

        return [.. texts.Select(Split).Select(named => new RunFile(named.Name, Bytes(named.File)))];
    }

    /// <summary>The files of this machine that the option names.</summary>
    public static IEnumerable<string> FilesOf(string[]? texts) => (texts ?? []).Select(text => Split(text).File);

    // A file whose own name has a "=" is named with its folder: ./a=b.csv.
    private static (string Name, string File) Split(string text) =>
        text.Split('=', 2) is [var name, var file] && !name.Contains('/', StringComparison.Ordinal)
            ? (name, file)
            : (Path.GetFileName(text), text);

    private static byte[] Bytes(string file)
    {
        var length = File.Exists(file) ? new FileInfo(file).Length : 0;
        var bytes = length > MostBytes ? null : SourceFile.Bytes(file);
        return bytes is { Length: <= MostBytes } ? bytes : throw CliException.Usage(
            $"{file} has {Figures.Size(bytes?.Length ?? length)}; a call brings at most {Figures.Size(MostBytes)}.");
    }
}
