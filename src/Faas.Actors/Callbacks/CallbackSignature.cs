using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Callbacks;

/// <summary>
/// Signs a callback as Standard Webhooks says (https://www.standardwebhooks.com): HMAC-SHA256 of id, time and body with dots between them.
/// Ids of runs may have dots. The bytes can be read in one way all the same, because each body begins with a brace. Pure.
/// </summary>
public static class CallbackSignature
{
    /// <summary>The header with the id, by which a receiver knows a callback that comes twice.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the time of the attempt, in seconds since 1970.</summary>
    public const string TimeHeader = "webhook-timestamp";

    /// <summary>The header with the signatures: one for each secret, with spaces between them.</summary>
    public const string Header = "webhook-signature";

    private const string Version = "v1";

    /// <summary>The value of <see cref="Header"/>.</summary>
    /// <param name="secrets">The secrets.</param>
    /// <param name="id">The value of <see cref="IdHeader"/>.</param>
    /// <param name="time">The time whose seconds <see cref="TimeHeader"/> has.</param>
    /// <param name="body">The bytes that are sent.</param>
    public static string Of(IEnumerable<CallbackSecret> secrets, string id, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var start = Encoding.UTF8.GetBytes($"{id}.{SecondsOf(time)}.");
        byte[] content = [.. start, .. body];
        return string.Join(
            ' ', secrets.Select(secret => $"{Version},{Convert.ToBase64String(HMACSHA256.HashData(secret.Bytes, content))}"));
    }

    /// <summary>The value of <see cref="TimeHeader"/>.</summary>
    public static string SecondsOf(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
