using System.Text.Json.Serialization;
using Faas.Actors.Hosts;
using Faas.Actors.Json;
using Faas.Actors.Keys;
using Faas.Http.Access;

namespace Faas.Http.Api.Keys;

/// <summary>A key, without its secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What its owner may do.</param>
/// <param name="Paths">The prefixes of the scripts that it is for; empty: every script.</param>
/// <param name="Source"><c>settings</c>, or <c>api</c>: a call has made it.</param>
/// <param name="At">When it was made, UTC; absent: the settings have it.</param>
/// <param name="ExpiresAt">When it ends by itself, UTC; absent: never.</param>
/// <param name="Rate">How often its owner may call; absent: as <c>faas.http.rate-limit</c> says.</param>
/// <param name="Network">The hosts that versions and code of its owner may ask for; absent: those that the settings permit.</param>
/// <param name="Secret">What its owner sends. Shown once, when the key is made; absent in every other reply.</param>
public sealed record KeyReply(
    string Name,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Paths,
    string Source,
    DateTime? At,
    DateTime? ExpiresAt,
    KeyRate? Rate,
    EgressRules? Network,
    string? Secret = null)
{
    /// <summary>The same of a key in force.</summary>
    public static KeyReply Of(ApiKey key) => new(
        key.Name,
        ScopesOf(key),
        key.Paths.Roots,
        key.MadeAt is null ? "settings" : "api",
        key.MadeAt?.UtcDateTime,
        key.ExpiresAt?.UtcDateTime,
        key.Rate is { } rate ? new KeyRate(rate.RequestsPerSecond, rate.Burst) : null,
        key.Network);

    internal static IReadOnlyList<string> ScopesOf(ApiKey key) =>
        [.. WireNames.All<Scopes>().Where(name => WireNames.TryParse<Scopes>(name, out var scope) && key.Scopes.HasFlag(scope))];
}

/// <summary>The answer of <c>GET /api/v1/key</c>: what its caller may do.</summary>
/// <param name="Name">The name of the caller's key; absent: the server asks for no keys.</param>
/// <param name="Scopes">What its owner may do; without keys <c>admin</c>, which is everything.</param>
/// <param name="Paths">The prefixes of the scripts that it is for; empty: every script.</param>
/// <param name="ExpiresAt">When it ends by itself, UTC; absent: never.</param>
/// <param name="Network">The hosts that versions and code of its owner may ask for; absent: those that the settings permit.</param>
public sealed record OwnKeyReply(
    string? Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Paths, DateTime? ExpiresAt, EgressRules? Network)
{
    /// <summary>The same of the key of a request; null: no key is asked for.</summary>
    public static OwnKeyReply Of(ApiKey? key) => key is null
        ? new OwnKeyReply(null, [Access.Scopes.Admin.ToWire()], [], null, null)
        : new OwnKeyReply(key.Name, KeyReply.ScopesOf(key), key.Paths.Roots, key.ExpiresAt?.UtcDateTime, key.Network);
}

/// <summary>The answer of <c>GET /api/v1/keys</c>.</summary>
/// <param name="Keys">Every key: those of the settings first, then the others by name.</param>
public sealed record KeyListReply(IReadOnlyList<KeyReply> Keys);

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeyReply))]
[JsonSerializable(typeof(KeyListReply))]
[JsonSerializable(typeof(OwnKeyReply))]
internal sealed partial class KeysJson : JsonSerializerContext;
