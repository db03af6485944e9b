using Faas.Actors.Hosts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>The key that a request was admitted by.</summary>
public static class KeyOfRequest
{
    /// <summary>Its name; null: the server asks for no keys.</summary>
    public static string? KeyName(this HttpContext context) => context.Features.Get<ApiKey>()?.Name;

    /// <summary>Its owner, who is not that of a later key of the same name; null: the server asks for no keys.</summary>
    public static string? CallerOfKey(this HttpContext context) =>
        context.Features.Get<ApiKey>() is { } key ? Caller.Of(key).Identity : null;

    /// <summary>Whether it has a scope; without keys, every caller has every scope.</summary>
    public static bool KeyMay(this HttpContext context, Scopes scope) => context.Features.Get<ApiKey>()?.Scopes.Include(scope) ?? true;

    /// <summary>The scripts that it is for.</summary>
    public static PathPrefixes KeyPaths(this HttpContext context) => context.Features.Get<ApiKey>()?.Paths ?? PathPrefixes.All;

    /// <summary>Its name, and the hosts that its owner may ask for; null: it sets no limit.</summary>
    public static (string Name, EgressRules Allow)? KeyNetwork(this HttpContext context) =>
        context.Features.Get<ApiKey>() is { Network: { } allow } key ? (key.Name, allow) : null;

    /// <summary>Throws <see cref="ProblemException"/> (403) when the key is limited to other scripts.</summary>
    public static void CheckKeyIsFor(this HttpContext context, string path)
    {
        if (context.Features.Get<ApiKey>()?.Refusal(path) is { } problem)
        {
            throw new ProblemException(problem);
        }
    }
}
