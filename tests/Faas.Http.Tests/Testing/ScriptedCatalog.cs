using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;

namespace Faas.Http.Tests.Testing;

/// <summary>A list of scripts of one page, which a test sets.</summary>
public sealed class ScriptedCatalog : IScriptCatalog
{
    /// <summary>The page that every query gets.</summary>
    public Func<CatalogQuery, CatalogPage> Page { get; set; } = _ => new CatalogPage([], Next: null);

    public Task PutAsync(ScriptSummary summary, long sequenceNr, CancellationToken cancellation) => throw new NotSupportedException();

    public Task RemoveAsync(string path, long sequenceNr, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlyList<CatalogState>> AllAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<CatalogPage> PageAsync(CatalogQuery query, CancellationToken cancellation) => Task.FromResult(Page(query));

    public Task SortAsync(IReadOnlyList<CatalogState> lines, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ClearAsync(CancellationToken cancellation) => throw new NotSupportedException();
}
