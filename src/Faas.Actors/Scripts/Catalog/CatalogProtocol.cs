namespace Faas.Actors.Scripts.Catalog;

/// <summary>
/// Brings the script's line in the list up to date. The reply is <see cref="CatalogRefreshed"/> once it is, or
/// <see cref="StoreUnavailable"/>.
/// </summary>
public sealed record RefreshCatalog(string Path) : IScriptRequest;

/// <summary>The script's line in the list is up to date.</summary>
public sealed record CatalogRefreshed(string Path) : IWithScriptPath;

/// <summary>
/// Throws the list of scripts away and makes it anew from the journal. The reply is <see cref="CatalogRebuilt"/> or
/// <see cref="StoreUnavailable"/>.
/// </summary>
public sealed record RebuildCatalog
{
    /// <summary>The only instance.</summary>
    public static RebuildCatalog Instance { get; } = new();
}

/// <summary>The list of scripts agrees with the journal.</summary>
/// <param name="Refreshed">Lines that had to be written.</param>
public sealed record CatalogRebuilt(int Refreshed);
