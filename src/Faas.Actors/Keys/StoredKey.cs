using Faas.Actors.Hosts;

namespace Faas.Actors.Keys;

/// <summary>A key that was made by a call, not by the settings. Its secret is nowhere, only the secret's hash.</summary>
/// <param name="Name">Names the key; no two have the same.</param>
/// <param name="Scopes">What its owner may do, by the scopes' wire names; at least one.</param>
/// <param name="SecretHash">SHA-256 of the secret, 64 hex digits in small letters.</param>
/// <param name="Paths">The prefixes of the scripts that it is for; empty: every script.</param>
/// <param name="At">When it was made.</param>
/// <param name="ExpiresAt">When it ends by itself; null: never.</param>
/// <param name="Rate">How often its owner may call; null: as the settings say.</param>
/// <param name="Network">The hosts that versions and code of its owner may ask for; null: those that the settings permit.</param>
public sealed record StoredKey(
    string Name,
    IReadOnlyList<string> Scopes,
    string SecretHash,
    IReadOnlyList<string> Paths,
    DateTimeOffset At,
    DateTimeOffset? ExpiresAt = null,
    KeyRate? Rate = null,
    EgressRules? Network = null);

/// <summary>How often a key's owner may call: a bucket of tokens, one token a request.</summary>
/// <param name="RequestsPerSecond">How fast the bucket fills; above 0.</param>
/// <param name="Burst">How many tokens it holds; at least 1.</param>
public sealed record KeyRate(double RequestsPerSecond, int Burst);
