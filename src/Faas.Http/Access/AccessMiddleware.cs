using Faas.Http.Configuration;

namespace Faas.Http.Access;

/// <summary>
/// Lets a request through to its endpoint, or throws the problem that it is answered with. It stands behind the routing,
/// which knows the scope, and before everything that reads a body: a refusal is sent while the body is still the
/// client's, which need not send it.
/// </summary>
public sealed class AccessMiddleware(RequestDelegate next, CallerLimiter limiter, FaasOptions options)
{
    private readonly AccessOptions _access = options.Http.Access;

    /// <summary>Checks the request and passes it on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (_access.IsForThisMachineOnly)
        {
            ThisMachineOnly.Check(context.Request);
        }

        var needed = RequiredScope.Of(context.GetEndpoint());
        if (needed != Scopes.None)
        {
            limiter.Count(_access.Keys.IsEmpty
                ? Caller.Of(context.Connection.RemoteIpAddress)
                : Caller.Of(Admission.Check(_access.Keys, Credential.Of(context.Request.Headers), needed)));
        }

        return next(context);
    }
}
