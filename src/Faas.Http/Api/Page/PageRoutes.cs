using Faas.Http.Access;

namespace Faas.Http.Api.Page;

/// <summary>
/// The routes of the page that the server shows to people (docs/page.md). The page holds nothing of what the server holds, so it needs
/// no key; the calls that it makes need the user's.
/// </summary>
public static class PageRoutes
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    // Views with an address below them, and views with none.
    private static readonly string[] s_views = ["/scripts", "/pool", "/runs", "/schedules"];

    /// <summary>Adds the route of the page's files.</summary>
    public static void MapPage(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/page/{file}", s_methods, SendFile).Needs(Scopes.None)
            .WithSummary("a file of the page").ExcludeFromDescription();

    /// <summary>
    /// Shows the page to browsers at the addresses of its views. They are no routes: for every other client, and every other method, there
    /// is nothing. It stands behind the routing and the access, so no route is ever hidden by it.
    /// </summary>
    public static void UsePageViews(this IApplicationBuilder app) => app.Use((context, next) =>
        context.GetEndpoint() is null && IsView(context.Request) && Files(context).Index is { } index
            ? PageAnswer.Index(context, index).ExecuteAsync(context)
            : next(context));

    private static bool IsView(HttpRequest request) =>
        s_methods.Contains(request.Method)
        && s_views.Any(view => request.Path.StartsWithSegments(view, StringComparison.Ordinal))
        && PageAnswer.IsWanted(request);

    private static IResult SendFile(string file, HttpContext context) =>
        Files(context).Find(file) is { } found ? PageAnswer.File(context, found) : Results.StatusCode(StatusCodes.Status404NotFound);

    private static PageFiles Files(HttpContext context) => context.RequestServices.GetRequiredService<PageFiles>();
}
