namespace Faas.Actors.Secrets;

/// <summary>A secret as it is stored: its value is encrypted, and is nowhere else.</summary>
/// <param name="Name">Names the secret; no two have the same.</param>
/// <param name="KeyId">The key that its value is encrypted with (<see cref="SecretKey.Id"/>).</param>
/// <param name="Sealed">The encrypted value in base64: nonce, text, tag (<see cref="SecretKey"/>).</param>
/// <param name="Paths">The prefixes of the scripts that may use it; empty: every script.</param>
/// <param name="CreatedAt">When the name was given.</param>
/// <param name="UpdatedAt">When the value, or what stands beside it, was last changed by a caller.</param>
public sealed record StoredSecret(
    string Name, string KeyId, string Sealed, IReadOnlyList<string> Paths, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Whether the script at this path may use it: a prefix names whole segments.</summary>
    public bool IsFor(string path) => Paths.Count == 0 || Paths.Any(prefix =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/'));
}
