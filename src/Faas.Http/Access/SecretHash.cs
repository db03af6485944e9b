using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Faas.Http.Access;

/// <summary>
/// The SHA-256 of a secret. The server keeps this hash and not the secret. A fast hash suffices because the secrets are
/// random and long; for passwords, which people choose, it would not.
/// </summary>
public sealed class SecretHash : IEquatable<SecretHash>
{
    /// <summary>Fewest characters of a secret.</summary>
    public const int MinLength = 16;

    /// <summary>Most characters of a secret, which bounds the work that a stranger's one makes.</summary>
    public const int MaxLength = 256;

    /// <summary>Marks a secret that is written down as its hash.</summary>
    public const string Prefix = "sha256:";

    // What RFC 6750 lets a bearer token consist of; no comma, colon or space, which separate keys and their parts.
    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly byte[] _bytes;

    private SecretHash(byte[] bytes) => _bytes = bytes;

    /// <summary>The hash of a secret as a caller sends it; null: it cannot be one.</summary>
    public static SecretHash? Of(string secret) =>
        secret.Length is >= MinLength and <= MaxLength && !secret.AsSpan().ContainsAnyExcept(s_allowed)
        ? new SecretHash(SHA256.HashData(Encoding.ASCII.GetBytes(secret)))
        : null;

    /// <summary>A hash from a secret as a setting writes it: plain, or <c>sha256:</c> and 64 hexadecimal digits; null: neither.</summary>
    public static SecretHash? Parse(string text) => !text.StartsWith(Prefix, StringComparison.Ordinal) ? Of(text)
        : text.Length == Prefix.Length + (2 * SHA256.HashSizeInBytes) && text.AsSpan(Prefix.Length).IndexOfAnyExcept(s_hex) < 0
            ? new SecretHash(Convert.FromHexString(text.AsSpan(Prefix.Length)))
            : null;

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool Equals(SecretHash? other) => other is not null && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SecretHash);

    /// <inheritdoc />
    public override int GetHashCode() => BitConverter.ToInt32(_bytes);
}
