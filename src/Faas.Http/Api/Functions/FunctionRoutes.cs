using Faas.Http.Access;
using Faas.Http.Api.Description;
using Faas.Http.Wire;

namespace Faas.Http.Api.Functions;

/// <summary>The route of HTTP functions. docs/functions.md explains it to clients.</summary>
public static class FunctionRoutes
{
    private const string AnyType = "*/*";

    /// <summary>Adds it.</summary>
    public static void MapFunctions(this IEndpointRouteBuilder routes) => routes
        .Map(
            FunctionUrl.Prefix + "{**target}",
            context => context.RequestServices.GetRequiredService<FunctionEndpoint>().HandleAsync(context))
        .Needs(Scopes.None)
        .WithName("callFunction").WithSummary("lets a stored script answer the request").WithTags("runs")
        .Takes(new RequestParameter(
            "target", ParameterPlace.Path, "The script's path, and what follows it. The answer, its status too, is what the script says.")
        {
            Example = "hello",
        })
        .Takes(new RequestContent(null, AnyType, IsRequired: false))
        .Answers(null, AnyType)
        .Fails(401, 404, 409, 422, 429, 500, 502, 503, 504)
        .Sends(CallHeaders.Start, CallHeaders.Duration);
}
