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
    public Task InvokeAsync(HttpContext context)
    {
        var (refused, counted) = Check(context);
        if (refused is not null || counted is null)
        {
            return PassAsync(context, refused);
        }

        var counting = limiter.CountAsync(counted, context.RequestAborted);
        return counting.IsCompletedSuccessfully ? PassAsync(context, counting.Result) : PassAsync(context, counting);
    }

    private Task PassAsync(HttpContext context, Problem? problem) =>
        problem is null ? next(context) : ProblemWriter.WriteAsync(context, problem);

    private async Task PassAsync(HttpContext context, ValueTask<Problem?> counting) => await PassAsync(context, await counting);

    // Why the request is refused, or who is to be counted.
    private (Problem? Refused, Caller? Counted) Check(HttpContext context)
    {
        if (access.IsForThisMachineOnly && ThisMachineOnly.Check(context.Request, access) is { } foreign)
        {
            return (foreign, null);
        }

        var needed = RequiredScope.Of(context.GetEndpoint());
        if (needed == Scopes.None)
        {
            return (null, null);
        }

        if (!keys.AreNeeded)
        {
            return (null, Caller.Of(context.Connection.RemoteIpAddress));
        }

        if (Admission.Check(keys.Ring, Credential.Of(context.Request.Headers), needed, time.GetUtcNow(), out var key) is { } refused)
        {
            return (refused, null);
        }

        context.Features.Set(key);
        return (null, Caller.Of(key!));
    }
}
