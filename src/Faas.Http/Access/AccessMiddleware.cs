using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>
/// Lets a request through to its endpoint, or answers it with the problem. It stands behind the routing, which knows the
/// scope, and before everything that reads a body: a refusal is sent while the body is still the client's, which need not
/// send it.
/// </summary>
public sealed class AccessMiddleware(
    RequestDelegate next, CallerLimiter limiter, AccessOptions access, KeysInForce keys, TimeProvider time)
{
    /// <summary>Checks the request and passes it on.</summary>
    public Task InvokeAsync(HttpContext context) =>
        Check(context) is { } problem ? ProblemWriter.WriteAsync(context, problem) : next(context);

    private Problem? Check(HttpContext context)
    {
        if (access.IsForThisMachineOnly && ThisMachineOnly.Check(context.Request, access) is { } foreign)
        {
            return foreign;
        }

        var needed = RequiredScope.Of(context.GetEndpoint());
        if (needed == Scopes.None)
        {
            return null;
        }

        if (!keys.AreNeeded)
        {
            return limiter.Count(Caller.Of(context.Connection.RemoteIpAddress));
        }

        if (Admission.Check(keys.Ring, Credential.Of(context.Request.Headers), needed, time.GetUtcNow(), out var key) is { } refused)
        {
            return refused;
        }

        context.Features.Set(key);
        return limiter.Count(Caller.Of(key!));
    }
}
