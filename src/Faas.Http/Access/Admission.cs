using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>Decides by a request's headers alone who calls and whether they may.</summary>
public static class Admission
{
    /// <summary>The key that the credential proves; throws <see cref="ProblemException"/> with 400, 401 or 403.</summary>
    /// <param name="keys">At least one.</param>
    /// <param name="credential">What the request offers.</param>
    /// <param name="needed">One scope.</param>
    public static ApiKey Check(KeyRing keys, Credential credential, Scopes needed)
    {
        if (credential.Wrong is { } wrong)
        {
            throw ProblemException.Malformed(wrong);
        }

        if (credential.Secret is not { } secret)
        {
            throw new ProblemException(FaasProblems.Unauthorized(credential.Scheme is null
                ? $"A key is needed: Authorization: {Credential.BearerScheme} KEY, or {Credential.KeyHeader}: KEY."
                : $"Authorization has another scheme than {Credential.BearerScheme}."));
        }

        var key = keys.Find(secret) ?? throw new ProblemException(FaasProblems.UnknownKey());
        return key.Scopes.Include(needed) ? key : throw new ProblemException(FaasProblems.Forbidden(key.Name, needed.ToWire()));
    }
}
