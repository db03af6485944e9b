using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// For requests whose effects cannot be undone. What the route would ignore is refused, because the caller may have meant it as a limit.
/// Each method throws <see cref="ProblemException"/> (400).
/// </summary>
public static class StrictRequest
{
    /// <summary>Refuses a query name that is not known.</summary>
    /// <param name="query">The query.</param>
    /// <param name="known">The names that the route knows.</param>
    public static void CheckQuery(IQueryCollection query, params string[] known)
    {
        if (UnknownName.InQuery(query, known) is [var first, ..])
        {
            throw ProblemException.Malformed($"{first}{(first.EndsWith('?') ? "" : ".")} {Allowed(known)}");
        }
    }

    /// <summary>Has a route refuse every query.</summary>
    public static RouteHandlerBuilder TakesNoQuery(this RouteHandlerBuilder route) => route.AddEndpointFilter((invocation, next) =>
    {
        CheckQuery(invocation.HttpContext.Request.Query);
        return next(invocation);
    });

    /// <summary>The same as <see cref="CheckQuery"/>, and refuses a body, which the route does not read.</summary>
    /// <param name="context">The request.</param>
    /// <param name="known">The query names that the route knows.</param>
    public static async Task CheckQueryAloneAsync(HttpContext context, params string[] known)
    {
        CheckQuery(context.Request.Query, known);
        var options = context.RequestServices.GetRequiredService<HttpOptions>();
        using var body = await RequestBody.ReadOpaqueAsync(context.Request, options);
        if (!body.Bytes.IsEmpty)
        {
            throw ProblemException.Malformed($"The body must be empty: what is meant stands in the query. {Allowed(known)}");
        }
    }

    private static string Allowed(string[] known) => known switch
    {
        [] => "No query is allowed here.",
        [var one] => $"Allowed is {one}.",
        _ => $"Allowed are {string.Join(", ", known)}.",
    };
}
