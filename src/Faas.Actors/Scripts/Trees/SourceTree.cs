using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Scripts.Trees;

/// <summary>
/// The source of a script of several files: its files, and the entry, which is the file that runs.
/// <para>
/// Theory of operation. The files are sorted by name, so the same files are the same tree in whatever order they came. The hash is one of
/// a text: a first line with the entry, then a line with hash and name of each file. No name has a line break. The text begins with a NUL,
/// which no source that is a single text has, so no tree has the hash of such a source.
/// </para>
/// </summary>
public sealed class SourceTree : IEquatable<SourceTree>
{
    /// <summary>The setting that says how many files a tree may have.</summary>
    public const string MaxFilesKey = "faas.scripts.max-files";

    private SourceTree(string entry, IReadOnlyList<SourceFile> files)
    {
        (Entry, Files) = (entry, files);
        Bytes = files.Sum(file => file.Content.Length);
        Hash = HashOf(entry, files);
        EntryText = files.First(file => file.Name == entry).Text;
    }

    /// <summary>The name of the file that runs.</summary>
    public string Entry { get; }

    /// <summary>All files, sorted by name (by UTF-16 units).</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>The bytes of all files.</summary>
    public int Bytes { get; }

    /// <summary>Lower-case hex SHA-256: its name in the code store.</summary>
    public string Hash { get; }

    /// <summary>The text of the entry.</summary>
    public string EntryText { get; }

    /// <summary>
    /// The tree of these files. Throws <see cref="ArgumentException"/> when they are none: <see cref="Check"/> finds out why.
    /// </summary>
    public static SourceTree Of(string entry, IEnumerable<SourceFile> files)
    {
        var sorted = files.OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        return Check(sorted) is { } wrong ? throw new ArgumentException(wrong, nameof(files))
            : sorted.All(file => file.Name != entry) ? throw new ArgumentException($"There is no file \"{entry}\".", nameof(entry))
            : new SourceTree(entry, sorted);
    }

    /// <summary>What keeps the files from being a tree, as a sentence; null: nothing.</summary>
    public static string? Check(IReadOnlyCollection<SourceFile> files)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (SourceName.Check(file.Name) is { } wrong)
            {
                return $"The name {Shown(file.Name)} {wrong}.";
            }

            if (!names.Add(file.Name))
            {
                return $"The file {Shown(file.Name)} is there twice.";
            }

            if (file.IsScript && !file.IsText)
            {
                return $"The file {Shown(file.Name)} is no text in UTF-8, or has a NUL character.";
            }
        }

        foreach (var name in names)
        {
            for (var folder = SourceName.FolderOf(name); folder.Length > 0; folder = SourceName.FolderOf(folder[..^1]))
            {
                if (names.Contains(folder[..^1]))
                {
                    return $"{Shown(folder[..^1])} is a file and the folder of {Shown(name)}.";
                }
            }
        }

        return null;
    }

    /// <summary>Whether it has the same files and the same entry.</summary>
    public bool Equals(SourceTree? other) => other?.Hash == Hash;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SourceTree);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);

    /// <summary>The file of this name; null: there is none.</summary>
    public SourceFile? Find(string name) => Files.FirstOrDefault(file => file.Name == name);

    /// <summary>A name for a person; the beginning of a long one.</summary>
    internal static string Shown(string name) => name.Length <= 100 ? $"\"{name}\"" : $"\"{name[..100]}…\"";

    private static string HashOf(string entry, IEnumerable<SourceFile> files)
    {
        var text = new StringBuilder().Append("\0faas tree ").Append(entry).Append('\n');
        foreach (var file in files)
        {
            text.Append(file.Hash).Append(' ').Append(file.Name).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
