using Faas.Http.Access;

namespace Faas.Http.Api.Archives;

/// <summary>The routes by which all scripts leave and enter a server. docs/moving.md explains them to clients.</summary>
public static class ArchiveRoutes
{
    /// <summary>Where an archive is read.</summary>
    public const string Export = "/api/v1/export";

    /// <summary>Where an archive is sent.</summary>
    public const string Import = "/api/v1/import";

    /// <summary>Adds them.</summary>
    public static void MapArchives(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Export, ArchiveEndpoints.ExportAsync).Needs(Scopes.Admin).WithSummary("writes all scripts into an archive");
        routes.MapPost(Import, ArchiveEndpoints.ImportAsync).Needs(Scopes.Admin).WithSummary("takes the scripts of an archive");
    }
}
