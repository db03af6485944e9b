namespace Faas.Http.Access;

/// <summary>What a caller must hold to use a route; part of the route's metadata.</summary>
/// <param name="Scope">A scope, or several of which one suffices, or none.</param>
public sealed record RequiredScope(Scopes Scope)
{
    /// <summary>
    /// The scope that a request's endpoint asks for. A route that says nothing asks for the most; what is not a route (404, 405) does
    /// nothing.
    /// </summary>
    public static Scopes Of(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<RequiredScope>()?.Scope ?? (endpoint is RouteEndpoint ? Scopes.Admin : Scopes.None);
}

/// <summary>Says it where routes are mapped.</summary>
public static class RequiredScopeRoutes
{
    /// <summary>Asks for a scope, or for one of several; <see cref="Scopes.None"/>: for no key at all.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, Scopes scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequiredScope(scope));
}
