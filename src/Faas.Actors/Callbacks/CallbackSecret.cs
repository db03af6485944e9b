namespace Faas.Actors.Callbacks;

/// <summary>
/// A secret that callbacks are signed with, in the form of Standard Webhooks: <c>whsec_</c> and 24 to 64 bytes in base64. The receiver has
/// the same text.
/// </summary>
public sealed class CallbackSecret
{
    /// <summary>What <see cref="Parse"/> takes, as the end of a sentence.</summary>
    public const string Allowed = "whsec_ and 24 to 64 random bytes in base64, or several of these with commas between them";

    private const string Prefix = "whsec_";
    private const int LeastBytes = 24, MostBytes = 64;
    private readonly byte[] _bytes;

    private CallbackSecret(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a secret; null: the text is none.</summary>
    public static CallbackSecret? Parse(string text)
    {
        var buffer = new byte[MostBytes];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], buffer, out var length)
            && length >= LeastBytes
                ? new CallbackSecret(buffer[..length])
                : null;
    }

    /// <summary>Nothing of it: what is printed for a person must not tell the bytes.</summary>
    public override string ToString() => "(not shown)";
}
