using System.CommandLine;
using Faas.Cli.Output;
using Faas.Cli.Sources;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>The files that a call brings: <c>--file FILE</c> under its own name, <c>--file NAME=FILE</c> under another one.</summary>
internal static class BroughtFiles
{
    // The most that faas.http.max-files-size allows, of all files.
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
    public static IReadOnlyList<RunFile>? Read(string[]? texts)
    {
        var room = MostBytes;
        var files = new List<RunFile>();
        foreach (var (name, file) in (texts ?? []).Select(Split))
        {
            files.Add(new RunFile(name, Bytes(file, room)));
            room -= files[^1].Content.Length;
        }

        return files.Count > 0 ? files : null;
    }

    /// <summary>The files of this machine that the option names.</summary>
    public static IEnumerable<string> FilesOf(string[]? texts) => (texts ?? []).Select(text => Split(text).File);

    // A file whose own name has a "=" is named with its folder: ./a=b.csv.
    private static (string Name, string File) Split(string text) =>
        text.Split('=', 2) is [var name, var file] && !name.Contains('/', StringComparison.Ordinal)
            ? (name, file)
            : (Path.GetFileName(text), text);

    private static byte[] Bytes(string file, int room) => SourceFile.Bytes(file, room)
        ?? throw CliException.Usage($"{file} is too large: a call brings at most {Figures.Size(MostBytes)}, all its files together.");
}
