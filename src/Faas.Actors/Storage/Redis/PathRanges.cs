using System.Text;
using Faas.Actors.Scripts.Catalog;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The stretches of the list by path that hold what a query asks for, in the list's order. So a page reads nothing that it does not
/// return, whichever prefix is asked for and whichever paths its caller may see. Pure.
/// </summary>
internal static class PathRanges
{
    /// <summary>The stretches that do not end before <see cref="CatalogQuery.After"/>.</summary>
    public static IReadOnlyList<PathRange> Of(CatalogQuery query) =>
    [
        .. Wanted(query)
            .Select(range => new PathRange(range.Text, range.IsWhole))
            .Where(range => query.After is not { } after || !range.EndsBefore(after))
            .OrderBy(range => range.First, ByBytes.Instance),
    ];

    private static IEnumerable<(string Text, bool IsWhole)> Wanted(CatalogQuery query)
    {
        if (query.Roots.Count == 0)
        {
            yield return (query.Prefix, false);
        }

        foreach (var root in query.Roots.Distinct().Where(root => !IsBelowAnother(root, query.Roots)))
        {
            if (root.StartsWith(query.Prefix, StringComparison.Ordinal))
            {
                yield return (root, true);
            }

            var below = $"{root}/";
            if (below.StartsWith(query.Prefix, StringComparison.Ordinal))
            {
                yield return (below, false);
            }
            else if (query.Prefix.StartsWith(below, StringComparison.Ordinal))
            {
                yield return (query.Prefix, false);
            }
        }
    }

    private static bool IsBelowAnother(string root, IReadOnlyList<string> roots) =>
        roots.Any(other => root.StartsWith($"{other}/", StringComparison.Ordinal));

    private sealed class ByBytes : IComparer<byte[]>
    {
        public static ByBytes Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}

/// <summary>The paths that begin with a text, or the one path that is the text.</summary>
/// <param name="text">The text.</param>
/// <param name="isWhole">Whether it is the whole path.</param>
internal sealed class PathRange(string text, bool isWhole)
{
    // No byte of UTF-8 is so large.
    private const byte AfterAll = 0xFF;

    /// <summary>The first path that the range may hold.</summary>
    public byte[] First { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>The last path that the range may hold, or a text behind it.</summary>
    public byte[] Last => isWhole ? First : [.. First, AfterAll];

    /// <summary>Whether each path of the range comes before this one, or is this one.</summary>
    public bool EndsBefore(string path) => Last.AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(path)) <= 0;
}
