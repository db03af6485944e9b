using Faas.Cli.Output;

namespace Faas.Cli.Sources;

/// <summary>Finds the scripts of a folder, and says under which paths they are stored.</summary>
internal static class SourceTree
{
    private static readonly string[] s_skipped = ["node_modules", "__pycache__", "bin", "obj"];

    /// <summary>
    /// The files below a folder whose names say a language, by name. What begins with a dot is left out, and so is what programs make.
    /// </summary>
    public static IReadOnlyList<string> FilesBelow(string folder) =>
        [.. FoldersFrom(folder).SelectMany(Files).Order(StringComparer.Ordinal)];

    /// <summary>The folder, and those below it whose files are scripts. Throws <see cref="CliException"/>.</summary>
    public static IEnumerable<string> FoldersFrom(string folder) => Children(folder)
        .Where(child => FolderFile.In(child).Entry is null)
        .SelectMany(FoldersFrom)
        .Prepend(folder);

    /// <summary>The folders below a folder that are scripts of several files: their <c>faas.json</c> names an entry.</summary>
    public static IEnumerable<string> TreesBelow(string folder) =>
        FoldersFrom(folder).SelectMany(Children).Where(child => FolderFile.In(child).Entry is not null).Order(StringComparer.Ordinal);

    /// <summary>The path of a script in a folder: its place below the folder, without the end of its name.</summary>
    public static string PathIn(string folder, string file) =>
        Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Refuses two files of one path. Throws <see cref="CliException"/>.</summary>
    public static void CheckUnique(IEnumerable<(string Path, string File)> scripts)
    {
        foreach (var same in scripts.GroupBy(script => script.Path).Where(group => group.Count() > 1))
        {
            throw CliException.Usage(
                $"{string.Join(" and ", same.Select(script => script.File))} would both be the script \"{same.Key}\"; "
                + "rename one, or set its path.");
        }
    }

    private static IEnumerable<string> Children(string folder) => Directory.EnumerateDirectories(folder)
        .Where(child => IsSeen(child) && !s_skipped.Contains(Path.GetFileName(child)) && !IsLink(child));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => IsSeen(file) && LanguageOfFile.Of(file) is not null);

    private static bool IsSeen(string name) => !Path.GetFileName(name).StartsWith('.');

    // A link to a folder above would have no end.
    private static bool IsLink(string folder) => File.GetAttributes(folder).HasFlag(FileAttributes.ReparsePoint);
}
