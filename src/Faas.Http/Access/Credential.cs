using Microsoft.Extensions.Primitives;

namespace Faas.Http.Access;

/// <summary>The proof of identity in a request's headers.</summary>
/// <param name="Secret">The secret, not yet looked at; null: none was sent.</param>
/// <param name="Wrong">Why the headers make no sense, one sentence; null: they do.</param>
/// <param name="Scheme">An authentication scheme that is not ours and came alone; null: none.</param>
public sealed record Credential(string? Secret, string? Wrong = null, string? Scheme = null)
{
    /// <summary>The header that carries a secret and nothing else.</summary>
    public const string KeyHeader = "X-Api-Key";

    /// <summary>The scheme of the Authorization header (RFC 6750, section 2.1); any letter case.</summary>
    public const string BearerScheme = "Bearer";

    /// <summary>
    /// Takes the secret from <c>Authorization: Bearer</c> or <c>X-Api-Key</c>. Both may be there if they agree. Another
    /// scheme next to <c>X-Api-Key</c> belongs to another program, such as a proxy, and is ignored.
    /// </summary>
    public static Credential Of(IHeaderDictionary headers) => Of(headers.Authorization, headers[KeyHeader]);

    /// <summary>The same of the two headers' values.</summary>
    public static Credential Of(StringValues authorization, StringValues keyHeader)
    {
        if (authorization.Count > 1 || keyHeader.Count > 1)
        {
            return new Credential(null, $"{(authorization.Count > 1 ? "Authorization" : KeyHeader)} is there more than once.");
        }

        var (scheme, bearer) = Split(authorization.ToString());
        var key = keyHeader.Count == 0 ? null : keyHeader.ToString();
        return bearer is not null && key is not null && bearer != key
            ? new Credential(null, $"Authorization and {KeyHeader} carry different keys; send one of them.")
            : new Credential(bearer ?? key, null, bearer is null && key is null ? scheme : null);
    }

    private static (string? Scheme, string? Bearer) Split(string authorization)
    {
        var end = authorization.IndexOf(' ');
        var scheme = end < 0 ? authorization : authorization[..end];
        return scheme.Length == 0 ? (null, null)
            : scheme.Equals(BearerScheme, StringComparison.OrdinalIgnoreCase) ? (scheme, authorization[scheme.Length..].Trim(' '))
            : (scheme, null);
    }
}
