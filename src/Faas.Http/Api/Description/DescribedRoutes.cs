using Faas.Http.Wire;

namespace Faas.Http.Api.Description;

/// <summary>
/// Says where routes are mapped what their types do not say. The API's document (Api/OpenApi) is made from all of it, and from
/// <c>WithName</c> (the operation's id, a good name for a method), <c>WithSummary</c>, <c>WithTags</c>, <c>Needs</c> and <c>Produces</c>.
/// </summary>
public static class DescribedRoutes
{
    /// <summary>The route refuses by these statuses, too: 404, 409, 412, 422 and the like.</summary>
    public static TBuilder Fails<TBuilder>(this TBuilder route, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Failures(statuses));

    /// <summary>The route has these parameters, which no request record of its handler reads.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder route, params RequestParameter[] parameters)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata([.. parameters]);

    /// <summary>The route takes this body, which no request record of its handler reads.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder route, RequestContent content)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(content);

    /// <summary>The route answers so. For a handler that writes its answer itself; others have <c>Produces</c>.</summary>
    public static TBuilder Answers<TBuilder>(this TBuilder route, Type? type, string contentType, int status = StatusCodes.Status200OK)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ReplyContent(status, type, contentType));

    /// <summary>The headers that a good answer has beside those of every answer.</summary>
    public static TBuilder Sends<TBuilder>(this TBuilder route, params string[] headers)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new SentHeaders(headers));

    /// <summary>An example of the request's body.</summary>
    public static TBuilder RequestExample<TBuilder>(this TBuilder route, string json)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ContentExample(null, json));

    /// <summary>An example of an answer's body.</summary>
    public static TBuilder ReplyExample<TBuilder>(this TBuilder route, string text, int status = StatusCodes.Status200OK)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ContentExample(status, text));
}

/// <summary>The headers of a route's good answers, as part of its metadata.</summary>
/// <param name="Names">Their names.</param>
public sealed record SentHeaders(IReadOnlyList<string> Names);
