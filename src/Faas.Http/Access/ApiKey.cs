using System.Buffers;
using Faas.Actors.Hosts;
using Faas.Actors.Keys;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>One key: who calls with it, what they may do, and how they prove it.</summary>
/// <param name="Name">Names the key to its operator; 1 to 64 letters, digits or <c>-._</c>.</param>
/// <param name="Scopes">At least one.</param>
/// <param name="Hash">Of its secret.</param>
/// <param name="Paths">The scripts that the key is for.</param>
/// <param name="ExpiresAt">When it ends by itself; null: never.</param>
/// <param name="Rate">How often its owner may call; null: as the settings say for every key.</param>
/// <param name="MadeAt">When a call made it; null: the settings have it.</param>
/// <param name="Network">The hosts that versions and code of its owner may ask for; null: those that the settings permit.</param>
public sealed record ApiKey(
    string Name,
    Scopes Scopes,
    SecretHash Hash,
    PathPrefixes Paths,
    DateTimeOffset? ExpiresAt = null,
    RateLimit? Rate = null,
    DateTimeOffset? MadeAt = null,
    EgressRules? Network = null)
{
    private const int MaxName = 64;
    private const char Separator = ':';

    private static readonly SearchValues<char> s_allowedInNames =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>What a name may be; null: this one may.</summary>
    public static string? CheckName(string name) => name.Length is 0 or > MaxName || name.AsSpan().ContainsAnyExcept(s_allowedInNames)
        ? $"1 to {MaxName} letters, digits or -._"
        : null;

    /// <summary>The problem (403) when the key is limited to other scripts than this one, else null.</summary>
    public Problem? Refusal(string path) => Paths.Include(path) ? null : FaasProblems.ForbiddenPath(Name, path, Paths.ToString());

    /// <summary>A key that a call has made.</summary>
    public static ApiKey Of(StoredKey key) => new(
        key.Name,
        ScopeNames.Parse(string.Join(ScopeNames.Separator, key.Scopes))
            ?? throw new InvalidDataException($"The stored key \"{key.Name}\" has a scope that this server does not know."),
        SecretHash.Parse(SecretHash.Prefix + key.SecretHash)
            ?? throw new InvalidDataException($"The stored key \"{key.Name}\" has a hash that is none."),
        PathPrefixes.Parse(key.Paths),
        key.ExpiresAt,
        key.Rate is { } rate ? new RateLimit(rate.RequestsPerSecond, rate.Burst) : null,
        key.At,
        key.Network);

    /// <summary>
    /// Reads <c>name:scope+scope:secret</c> or <c>name:scope+scope@prefix@prefix:secret</c>; throws <see cref="FormatException"/>, which
    /// says what is allowed and quotes nothing.
    /// </summary>
    public static ApiKey Parse(string text)
    {
        if (text.Split(Separator, 3) is not [var name, var scopes, var secret])
        {
            throw new FormatException("name:scope+scope:secret, like ci:invoke+write:SECRET");
        }

        if (CheckName(name) is { } allowed)
        {
            throw new FormatException($"name:scope+scope:secret with a name of {allowed}");
        }

        string[] parts = scopes.Split(PathPrefixes.Separator);
        var held = ScopeNames.Parse(parts[0]) ?? throw new FormatException(
            $"name:scope+scope:secret with scopes of {ScopeNames.Allowed}, joined by {ScopeNames.Separator}");
        var paths = PathPrefixes.Parse(parts[1..]);
        if (held.HasFlag(Scopes.Admin) && !paths.IncludeAll)
        {
            throw new FormatException("name:admin:secret without a path prefix, because admin opens everything");
        }

        return new ApiKey(
            name,
            held,
            SecretHash.Parse(secret) ?? throw new FormatException(
                $"name:scope+scope:secret with a secret of {SecretHash.MinLength} to {SecretHash.MaxLength} letters, "
                + $"digits or -._~+/=, or {SecretHash.Prefix} and 64 hexadecimal digits"),
            paths);
    }
}
