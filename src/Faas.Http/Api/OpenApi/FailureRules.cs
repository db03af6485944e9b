using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;

namespace Faas.Http.Api.OpenApi;

/// <summary>By which statuses an operation refuses, and what each means.</summary>
internal static class FailureRules
{
    private static readonly Dictionary<int, string> s_meanings = new()
    {
        [StatusCodes.Status400BadRequest] = "The request is malformed; the detail says what is wrong.",
        [StatusCodes.Status401Unauthorized] = "A key is needed, or the one that was sent is unknown or has expired.",
        [StatusCodes.Status403Forbidden] =
            "The key may not do this, or the request comes from a web page of a site that may not call.",
        [StatusCodes.Status404NotFound] = "There is no such thing; the detail names what was looked for.",
        [StatusCodes.Status409Conflict] = "What is asked does not fit the present state; the detail says why.",
        [StatusCodes.Status412PreconditionFailed] = "The state is another one than If-Match or If-None-Match asks for.",
        [StatusCodes.Status413PayloadTooLarge] = "The body, or a part of it, is larger than allowed.",
        [StatusCodes.Status415UnsupportedMediaType] = "The body is not JSON in UTF-8 by its own headers.",
        [StatusCodes.Status422UnprocessableEntity] = "The script does not compile; line and column say where.",
        [StatusCodes.Status429TooManyRequests] =
            "The queue is full, or the caller sends more requests than its rate limit allows. Retry-After says when to try again.",
        [StatusCodes.Status500InternalServerError] = "The script failed; the reason says how. Or the server did: the reason is internal.",
        [StatusCodes.Status501NotImplemented] = "The server does not do this; the detail says why.",
        [StatusCodes.Status502BadGateway] = "The script answered as no HTTP server may.",
        [StatusCodes.Status503ServiceUnavailable] =
            "The server is stopping, its store does not answer, or a sandbox could not start. Retry-After says when to try again.",
        [StatusCodes.Status504GatewayTimeout] = "The script ran longer than it may.",
    };

    /// <summary>The statuses of a route's problems, in their order.</summary>
    public static IEnumerable<int> StatusesOf(RouteEndpoint route, bool hasBody)
    {
        var metadata = route.Metadata;
        var statuses = new SortedSet<int>(metadata.GetOrderedMetadata<Failures>().SelectMany(failures => failures.Statuses))
        {
            StatusCodes.Status403Forbidden,
        };
        var takesBody = hasBody && (metadata.GetMetadata<RequestContent>() is not null || metadata.GetMetadata<CallContent>() is not null);
        if (takesBody || metadata.GetMetadata<RequestParameter>() is not null)
        {
            statuses.Add(StatusCodes.Status400BadRequest);
        }

        if (takesBody)
        {
            statuses.UnionWith([StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType]);
        }

        if (RequiredScope.Of(route) != Scopes.None)
        {
            statuses.UnionWith([StatusCodes.Status401Unauthorized, StatusCodes.Status429TooManyRequests]);
        }

        return statuses;
    }

    /// <summary>What a status means; of no status: of all those that are not named.</summary>
    public static string MeaningOf(string status) =>
        int.TryParse(status, out var number) && s_meanings.TryGetValue(number, out var meaning) ? meaning
        : "The request cannot be answered otherwise; the reason and the detail say why.";
}
