namespace Faas.Actors.Scripts.Catalog;

/// <summary>Asks for one page of the list of scripts.</summary>
/// <param name="Order">How the list is sorted.</param>
/// <param name="Prefix">Only paths that begin with this text; empty: all.</param>
/// <param name="Roots">Only these paths, and those below them (<c>math</c>: <c>math</c> and <c>math/add</c>); none: all.</param>
/// <param name="Most">How many scripts to return, at least 1.</param>
/// <param name="After">The <see cref="CatalogPage.Next"/> of the page before; null: the first page.</param>
public sealed record CatalogQuery(CatalogOrder Order, string Prefix, IReadOnlyList<string> Roots, int Most, string? After)
{
    /// <summary>Only scripts that are tools, which are sorted by path.</summary>
    public bool ToolsOnly { get; init; }

    /// <summary>Whether a path is one of those that are asked for.</summary>
    public bool Includes(string path) =>
        path.StartsWith(Prefix, StringComparison.Ordinal) && (Roots.Count == 0 || Roots.Any(root => ScriptPath.IsUnder(path, root)));
}

/// <summary>One page of the list of scripts.</summary>
/// <param name="Scripts">
/// In the order that was asked for. By time there may be fewer than asked for although more follow, because a page looks only at a
/// bounded number of scripts.
/// </param>
/// <param name="Next">Where the next page begins; null: this is the last one.</param>
public sealed record CatalogPage(IReadOnlyList<ScriptSummary> Scripts, string? Next);
