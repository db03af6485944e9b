using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Sources;

/// <summary>
/// A folder that is one script of several files. Everything in it is a file of the script, but for what begins with a dot,
/// <c>node_modules</c>, <c>__pycache__</c>, symbolic links and its <c>faas.json</c>.
/// </summary>
internal static class TreeFolder
{
    private const int MostNamed = 10;
    private const string PythonEntry = "__main__.py";
    private static readonly string[] s_leftOut = ["node_modules", "__pycache__"];
    private static readonly string[] s_entryNames = ["main", "index"];

    /// <summary>Reads one. Throws <see cref="CliException"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="entry">The file that runs; null: <c>faas.json</c> says it, or its name.</param>
    /// <param name="language">The language; null: the end of the entry's name says it.</param>
    public static SourceFile Read(string folder, string? entry = null, string? language = null)
    {
        var says = FolderFile.In(folder);
        var leftOut = new List<string>();
        var files = Below(folder, "", leftOut).Order(StringComparer.Ordinal).ToList();
        entry = Slashed(entry ?? says.Entry) ?? EntryOf(folder, files);
        if (!files.Contains(entry))
        {
            throw CliException.NotThere($"{folder} has no file {entry}, which is to be its entry.");
        }

        var read = SourceFile.Read(Path.Combine(folder, entry), language, says.MembersOfTree());
        return read with
        {
            File = folder,
            Path = read.Path ?? says.PathOfTree(),
            Tree = new TreeOfFolder(entry, [.. files.Select(name => TreeFile.Of(name, Bytes(Path.Combine(folder, name))))], leftOut),
        };
    }

    // The names of the files, with slashes.
    private static IEnumerable<string> Below(string folder, string at, List<string> leftOut)
    {
        foreach (var place in new DirectoryInfo(Path.Combine(folder, at)).EnumerateFileSystemInfos())
        {
            var name = at.Length == 0 ? place.Name : $"{at}/{place.Name}";
            if (place.Name.StartsWith('.') || s_leftOut.Contains(place.Name) || place.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                leftOut.Add(name);
            }
            else if (place is DirectoryInfo)
            {
                foreach (var below in Below(folder, name, leftOut))
                {
                    yield return below;
                }
            }
            else if (name != FolderFile.Name)
            {
                yield return name;
            }
        }
    }

    private static string EntryOf(string folder, List<string> files)
    {
        string[] scripts = [.. files.Where(file => LanguageOfFile.Of(file) is not null)];
        string[] named = [.. scripts.Where(IsNamed)];
        return (named, scripts) switch
        {
            ([var one], _) => one,
            ([], [var only]) => only,
            (_, []) => throw CliException.NotThere($"{folder} holds no script; known are files that end in {LanguageOfFile.Allowed}."),
            _ => throw CliException.Usage(
                $"{folder}: it is unclear which file runs; --entry names it: {Listed(named.Length > 0 ? named : scripts)}."),
        };
    }

    private static bool IsNamed(string file) =>
        !file.Contains('/') && (s_entryNames.Contains(Path.GetFileNameWithoutExtension(file)) || file == PythonEntry);

    private static string Listed(string[] names) => string.Join(", ", names.Take(MostNamed)) + (names.Length > MostNamed ? ", …" : "");

    private static string? Slashed(string? entry)
    {
        var slashed = entry?.Replace(Path.DirectorySeparatorChar, '/');
        return slashed?.StartsWith("./", StringComparison.Ordinal) == true ? slashed[2..] : slashed;
    }

    private static byte[] Bytes(string file)
    {
        using var bytes = new MemoryStream();
        using (var stream = SourceFile.Open(file))
        {
            stream.CopyTo(bytes);
        }

        return bytes.ToArray();
    }
}

/// <summary>The files of a folder that is one script.</summary>
/// <param name="Entry">The name of the file that runs.</param>
/// <param name="Files">The files.</param>
/// <param name="LeftOut">What was left out, by name.</param>
internal sealed record TreeOfFolder(string Entry, IReadOnlyList<TreeFile> Files, IReadOnlyList<string> LeftOut)
{
    private const int MostNamed = 5;

    /// <summary>What was left out, as a sentence; null: nothing.</summary>
    /// <param name="folder">The folder.</param>
    public string? Note(string folder) => LeftOut.Count == 0
        ? null
        : $"{folder}: left out {string.Join(", ", LeftOut.Order(StringComparer.Ordinal).Take(MostNamed))}"
            + (LeftOut.Count > MostNamed ? $" and {LeftOut.Count - MostNamed} more." : ".");
}
