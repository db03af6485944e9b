using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;

namespace Faas.Actors.UseCases;

/// <summary>Reads the list of scripts, a page at a time. The list follows an upload within milliseconds, and not at once.</summary>
public sealed class BrowseScripts(IScriptCatalog catalog)
{
    /// <summary>One page of the list.</summary>
    public async Task<OrRefusal<CatalogPage>> ExecuteAsync(CatalogQuery query, CancellationToken cancellation)
    {
        try
        {
            return await catalog.PageAsync(query, cancellation);
        }
        catch (StoreException failed)
        {
            return Refusal.Store(failed.Message);
        }
    }
}
