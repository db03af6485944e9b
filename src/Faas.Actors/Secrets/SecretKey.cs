using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Secrets;

/// <summary>
/// A key that encrypts secrets: AES-256-GCM (NIST SP 800-38D). The secret's name is the associated data, so what was encrypted under one
/// name cannot be passed off as the value of another. A nonce is random; at 96 bits one key may encrypt 2^32 values.
/// </summary>
public sealed class SecretKey
{
    /// <summary>The bytes of a key.</summary>
    public const int Length = 32;

    private const int NonceLength = 12, TagLength = 16, IdLength = 8;

    private readonly byte[] _key;

    /// <summary>A key of these 32 bytes.</summary>
    public SecretKey(byte[] key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Length);
        _key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, IdLength));
    }

    /// <summary>Names the key: the first 8 bytes of its SHA-256, in hex. The key cannot be found from it.</summary>
    public string Id { get; }

    /// <summary>A new random key.</summary>
    public static SecretKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>The key as a line of the key file.</summary>
    public string ToLine() => Convert.ToBase64String(_key);

    /// <summary>Encrypts the value of a secret: nonce, text and tag in base64.</summary>
    public string Seal(string name, ReadOnlySpan<byte> value)
    {
        var box = new byte[NonceLength + value.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(
            box.AsSpan(0, NonceLength),
            value,
            box.AsSpan(NonceLength, value.Length),
            box.AsSpan(^TagLength..),
            Encoding.UTF8.GetBytes(name));
        return Convert.ToBase64String(box);
    }

    /// <summary>The value that was encrypted under this name with this key; null: it was not.</summary>
    public byte[]? Open(string name, string box)
    {
        var bytes = new byte[box.Length];
        if (!Convert.TryFromBase64String(box, bytes, out var length) || length < NonceLength + TagLength)
        {
            return null;
        }

        var value = new byte[length - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        try
        {
            aes.Decrypt(
                bytes.AsSpan(0, NonceLength),
                bytes.AsSpan(NonceLength, value.Length),
                bytes.AsSpan(length - TagLength, TagLength),
                value,
                Encoding.UTF8.GetBytes(name));
            return value;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Its name alone: what is printed for a person must not tell the key.</summary>
    public override string ToString() => Id;
}
