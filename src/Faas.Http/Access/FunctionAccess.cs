using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>
/// Who may call a script as an HTTP function. A public script is open to every caller, so its route asks for no scope; a script that is
/// not public is for keys with the scope <c>invoke</c>, which the endpoint finds out once it knows the script.
/// </summary>
public sealed class FunctionAccess(KeysInForce keys, CallerLimiter limiter, TimeProvider time)
{
    /// <summary>Counts the request against its caller's rate limit, and says what the caller may call.</summary>
    public async ValueTask<FunctionCaller> CheckAsync(HttpContext context)
    {
        if (!keys.AreNeeded)
        {
            return new FunctionCaller(null, IsKeyOurs: false, null, await CountAsync(AddressOf(context), context));
        }

        var (ring, credential) = (keys.Ring, Credential.Of(context.Request.Headers));
        var refusal = Admission.Check(ring, credential, Scopes.Invoke, time.GetUtcNow(), out var key);
        if (key is not null)
        {
            context.Features.Set(key);
        }

        var isOurs = key is not null || (credential.Secret is { } secret && (!ring.IsWhole || ring.Find(secret) is not null));
        return new FunctionCaller(key, isOurs, refusal, await CountAsync(key is null ? AddressOf(context) : Caller.Of(key), context));
    }

    private ValueTask<Problem?> CountAsync(Caller caller, HttpContext context) => limiter.CountAsync(caller, context.RequestAborted);

    private static Caller AddressOf(HttpContext context) => Caller.Of(context.Connection.RemoteIpAddress);
}

/// <summary>What a caller of functions may do.</summary>
/// <param name="Key">The caller's key; null: it has none that is in force, or the server has no keys.</param>
/// <param name="IsKeyOurs">Whether what it sent is a key of this server, in force or expired, which no script is to see.</param>
/// <param name="UnlessPublic">What to answer where the script is not public; null: the caller may call it all the same.</param>
/// <param name="Always">What to answer whatever the script is; null: nothing.</param>
public sealed record FunctionCaller(ApiKey? Key, bool IsKeyOurs, Problem? UnlessPublic, Problem? Always)
{
    /// <summary>What stands against a call of this script; null: nothing.</summary>
    public Problem? Refusal(string path, bool isPublic) =>
        isPublic ? null : UnlessPublic ?? Key?.Refusal(path);
}
