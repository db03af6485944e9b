using System.Text;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Scripts.Diffs;

/// <summary>
/// The difference of the code of two versions: of two texts as <see cref="UnifiedDiff"/> writes it, of trees one such difference for each
/// file that differs, by name. Behind them stands the difference of the locks, as of a file <c>lock</c>.
/// </summary>
public static class CodeDiff
{
    private const string Nothing = "/dev/null";
    private const string Lock = "lock";

    /// <summary>The difference; empty: the code is the same.</summary>
    /// <param name="from">The code before.</param>
    /// <param name="to">The code after.</param>
    /// <param name="path">The script.</param>
    /// <param name="fromVersion">The number of the version before.</param>
    /// <param name="toVersion">The number of the version after.</param>
    public static string Of(ScriptCode from, ScriptCode to, string path, long fromVersion, long toVersion) =>
        OfSources(from, to, path, fromVersion, toVersion)
        + OfFile(FileOf(from.Lock), FileOf(to.Lock), $"{path}/{Lock}", fromVersion, toVersion);

    private static string OfSources(ScriptCode from, ScriptCode to, string path, long fromVersion, long toVersion)
    {
        if ((from.Tree ?? to.Tree) is not { } tree)
        {
            return UnifiedDiff.Of(from.Source, to.Source, $"{path}?version={fromVersion}", $"{path}?version={toVersion}");
        }

        var (before, after) = (FilesOf(from, tree.Entry), FilesOf(to, tree.Entry));
        var text = new StringBuilder();
        if (from.Tree is not null && to.Tree is not null && from.Tree.Entry != to.Tree.Entry)
        {
            text.Append($"entry {from.Tree.Entry} becomes {to.Tree.Entry}\n");
        }

        foreach (var name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            text.Append(OfFile(
                before.GetValueOrDefault(name), after.GetValueOrDefault(name), $"{path}/{name}", fromVersion, toVersion));
        }

        return text.ToString();
    }

    private static string OfFile(SourceFile? before, SourceFile? after, string name, long fromVersion, long toVersion)
    {
        if (before?.Hash == after?.Hash)
        {
            return "";
        }

        var fromName = before is null ? Nothing : $"{name}?version={fromVersion}";
        var toName = after is null ? Nothing : $"{name}?version={toVersion}";
        if (before?.IsText == false || after?.IsText == false)
        {
            return $"Binary files {fromName} and {toName} differ\n";
        }

        var diff = UnifiedDiff.Of(before?.Text ?? "", after?.Text ?? "", fromName, toName);
        return diff.Length > 0 ? diff : $"--- {fromName}\n+++ {toName}\n"; // an empty file
    }

    private static SourceFile? FileOf(string? text) => text is null ? null : SourceFile.OfText(Lock, text);

    // A single text counts as the entry of the tree that it is compared with.
    private static Dictionary<string, SourceFile> FilesOf(ScriptCode code, string entry) =>
        (code.Tree?.Files ?? [SourceFile.OfText(entry, code.Source)]).ToDictionary(file => file.Name, StringComparer.Ordinal);
}
