using System.Reflection;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Faas.Http.Api.OpenApi;

/// <summary>
/// The routes as the framework's generator asks for them: one description for each operation. Theory of operation: the framework's own
/// descriptions come from what it binds to a handler's parameters. Here request records read requests, so the descriptions come from the
/// routes' metadata instead. HEAD is left out, because every GET has it; a route for every method has five operations.
/// </summary>
/// <param name="routes">All routes.</param>
internal sealed class RouteDescriptions(IEnumerable<Endpoint> routes) : IApiDescriptionGroupCollectionProvider
{
    private const string ManagementPrefix = "/api/v1/";

    private static readonly string[] s_everyMethod =
        [HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    /// <inheritdoc />
    public ApiDescriptionGroupCollection ApiDescriptionGroups { get; } = new(
        [new ApiDescriptionGroup(null, [.. routes.OfType<RouteEndpoint>().Where(IsDescribed).SelectMany(Operations)])], version: 1);

    private static bool IsDescribed(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true };

    private static IEnumerable<ApiDescription> Operations(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>() is { } own
            ? own.HttpMethods.Where(method => method != HttpMethods.Head).Select(method => Operation(route, method, route.Metadata))
            : s_everyMethod.Select(method => Operation(route, method, [.. route.Metadata, NameOf(route, method)]));

    private static EndpointNameMetadata NameOf(RouteEndpoint route, string method) =>
        new($"{route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName}By{method[0]}{method[1..].ToLowerInvariant()}");

    private static ApiDescription Operation(RouteEndpoint route, string method, IEnumerable<object> metadata)
    {
        var operation = new ApiDescription
        {
            HttpMethod = method,
            RelativePath = PathOf(route.RoutePattern),
            ActionDescriptor = new ActionDescriptor
            {
                // What is known of the handler's method is for readers of the code, not for clients.
                EndpointMetadata = [.. metadata.Where(one => one is not MethodInfo)],
                RouteValues = { ["controller"] = TagOf(route.RoutePattern) },
            },
        };
        if (HasBody(method) && route.Metadata.GetMetadata<RequestContent>() is { Type: { } body } content)
        {
            operation.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = content.ContentType });
            operation.ParameterDescriptions.Add(new ApiParameterDescription
            {
                Name = "body",
                Source = BindingSource.Body,
                Type = body,
                IsRequired = content.IsRequired,
                ParameterDescriptor = new ParameterDescriptor { Name = "body", ParameterType = body },
            });
        }

        List<ApiResponseType> replies = [.. RepliesOf(route)];
        var failures = FailureRules.StatusesOf(route, HasBody(method)).Except(replies.Select(reply => reply.StatusCode));
        IEnumerable<ApiResponseType> all = [.. replies, .. failures.Select(status => Problem(status)), Problem(0, isDefault: true)];
        foreach (var reply in all)
        {
            operation.SupportedResponseTypes.Add(reply);
        }

        return operation;
    }

    /// <summary>Whether requests of such a method have bodies here.</summary>
    public static bool HasBody(string method) => method == HttpMethods.Post || method == HttpMethods.Put || method == HttpMethods.Patch;

    // What a route says itself comes in the place of what its reply types say. A status is answered with one record; beside it there may be
    // text, whose schema needs no type.
    private static IEnumerable<ApiResponseType> RepliesOf(RouteEndpoint route)
    {
        var all = route.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>();
        var own = all.Where(reply => reply is not ReplyContent && reply.Type != typeof(void)).ToList();
        return all
            .Where(reply => reply is not ReplyContent || !own.Any(said => said.Type == reply.Type))
            .GroupBy(reply => reply.StatusCode)
            .Select(replies => new ApiResponseType
            {
                StatusCode = replies.Key,
                Type = replies.First().Type is var type && type == typeof(void) ? null : type,
                ApiResponseFormats =
                    [.. replies.SelectMany(reply => reply.ContentTypes).Select(type => new ApiResponseFormat { MediaType = type })],
            });
    }

    private static ApiResponseType Problem(int status, bool isDefault = false) => new()
    {
        StatusCode = status,
        IsDefaultResponse = isDefault,
        Type = typeof(ProblemBody),
        ApiResponseFormats = [new ApiResponseFormat { MediaType = "application/problem+json" }],
    };

    private static string PathOf(RoutePattern pattern) =>
        (pattern.RawText ?? "").TrimStart('/').Replace("**", "", StringComparison.Ordinal);

    private static string TagOf(RoutePattern pattern) =>
        pattern.RawText is { } path && path.StartsWith(ManagementPrefix, StringComparison.Ordinal)
        ? path[ManagementPrefix.Length..].Split('/')[0]
        : "server";
}
