using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>Decides by a request's headers alone which key calls and whether it may.</summary>
public static class Admission
{
    /// <summary>The problem (400, 401, 403 or 503) when the credential does not suffice, else null.</summary>
    /// <param name="keys">At least one.</param>
    /// <param name="credential">What the request offers.</param>
    /// <param name="needed">One scope, or several of which one suffices.</param>
    /// <param name="now">The time.</param>
    /// <param name="key">The key that the credential proves; null where it proves none that is in force.</param>
    public static Problem? Check(KeyRing keys, Credential credential, Scopes needed, DateTimeOffset now, out ApiKey? key)
    {
        key = null;
        if (credential.Wrong is { } wrong)
        {
            return FaasProblems.Malformed(wrong);
        }

        if (credential.Secret is not { } secret)
        {
            return FaasProblems.Unauthorized(credential.Scheme is null
                ? $"A key is needed: Authorization: {Credential.BearerScheme} KEY, or {Credential.KeyHeader}: KEY."
                : $"Authorization has another scheme than {Credential.BearerScheme}.");
        }

        key = keys.Find(secret);
        if (key?.ExpiresAt <= now)
        {
            var expired = FaasProblems.ExpiredKey(key.Name, key.ExpiresAt.Value);
            key = null;
            return expired;
        }

        return key is null ? (keys.IsWhole ? FaasProblems.UnknownKey() : FaasProblems.KeysNotKnown())
            : key.Scopes.Include(needed) ? null
            : FaasProblems.Forbidden(key.Name, ScopeNames.NamesOf(needed));
    }
}
