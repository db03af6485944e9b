using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>The files that a script has left in <c>/tmp/out</c>: with <c>--out DIR</c> they are written there.</summary>
internal sealed class LeftFiles
{
    private readonly Terminal _terminal;
    private readonly string? _folder;
    private readonly HashSet<string> _read;

    private LeftFiles(Terminal terminal, string? folder, HashSet<string> read) => (_terminal, _folder, _read) = (terminal, folder, read);

    /// <summary>The option.</summary>
    public static Option<string?> Option() => new Option<string?>("--out")
    {
        Description = "a folder for the files that the script leaves in /tmp/out; it is made if it is missing",
        HelpName = "DIR",
    }.NotEmpty();

    /// <summary>Makes the folder, before the script runs. Throws <see cref="CliException"/>.</summary>
    /// <param name="terminal">Is told what was left.</param>
    /// <param name="folder">The folder; null: files are not written.</param>
    /// <param name="read">Files that the command reads, none of which is written: with --watch, that would make it run again.</param>
    public static LeftFiles For(Terminal terminal, string? folder, IEnumerable<string> read)
    {
        try
        {
            if (folder is not null)
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw CliException.NotWritten(folder!, failed);
        }

        return new LeftFiles(terminal, folder, [.. read.Select(Path.GetFullPath)]);
    }

    /// <summary>Writes them, or says that they are there. Throws <see cref="CliException"/>.</summary>
    public async Task KeepAsync(IReadOnlyList<RunFile> files)
    {
        if (files.Count > 0 && _folder is null && !_terminal.IsJson)
        {
            _terminal.Note($"the script has left {string.Join(", ", files.Select(About))}; --out DIR keeps files.");
        }

        foreach (var file in _folder is null ? [] : files)
        {
            Check(file);
            await WholeFile.WriteAsync(PlaceOf(file), stream => stream.WriteAsync(file.Content).AsTask());
            _terminal.Remark($"{PlaceOf(file)}: {Figures.Size(file.Content.Length)}, {file.MediaType}");
        }
    }

    /// <summary>They as JSON: each with its content, or else with the file that it was written into. Null: there are none.</summary>
    public JsonArray? Json(IReadOnlyList<RunFile> files) => files.Count == 0 ? null : [.. files.Select(JsonNode (file) => new JsonObject
    {
        ["name"] = file.Name,
        ["size"] = file.Content.Length,
        ["mediaType"] = file.MediaType,
        [_folder is null ? "base64" : "file"] = _folder is null ? Convert.ToBase64String(file.Content.Span) : PlaceOf(file),
    })];

    private static string About(RunFile file) => $"{file.Name} ({Figures.Size(file.Content.Length)})";

    private string PlaceOf(RunFile file) => Path.Combine(_folder!, file.Name);

    private void Check(RunFile file)
    {
        // The server permits no such name; that no file outside of the folder is written does not depend on it.
        if (file.Name is "" or "." or ".." || Path.GetFileName(file.Name) != file.Name)
        {
            throw new CliException(
                ExitCode.NotWritten, $"The script has left a file named \"{file.Name}\", which is no name within a folder.");
        }

        if (_read.Contains(Path.GetFullPath(PlaceOf(file))))
        {
            throw new CliException(
                ExitCode.NotWritten, $"{PlaceOf(file)} is not written: it is a file of this call. --out names another folder.");
        }
    }
}
