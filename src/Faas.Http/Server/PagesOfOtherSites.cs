using Faas.Http.Access;
using Faas.Http.Wire;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Faas.Http.Server;

/// <summary>
/// Lets pages of allowed sites call from a browser and read the answers (Fetch standard, "CORS protocol"). Keys travel in headers, and the
/// server has no cookies, so credentials are not allowed.
/// </summary>
public static class PagesOfOtherSites
{
    private static readonly TimeSpan s_preflightHolds = TimeSpan.FromMinutes(10);

    /// <summary>What such a page may do.</summary>
    public static CorsPolicy Policy(AccessOptions access) => new CorsPolicyBuilder()
        .SetIsOriginAllowed(access.AllowsPageOf)
        .WithMethods(
            HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete)
        .AllowAnyHeader()
        .WithExposedHeaders([.. CallHeaders.All])
        .SetPreflightMaxAge(s_preflightHolds)
        .Build();
}
