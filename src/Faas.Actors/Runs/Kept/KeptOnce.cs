using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// What makes a call of a client that may send it twice the same call: the key that the client has chosen, among those of its own calls of
/// the script, and what the call asks for. Pure.
/// </summary>
/// <param name="Name">The same for calls with the same caller, script and key: 64 hex digits.</param>
/// <param name="Print">The same for calls that ask for the same: 64 hex digits.</param>
public sealed record KeptOnce(string Name, string Print)
{
    /// <summary>The longest key, in characters.</summary>
    public const int LongestKey = 255;

    /// <summary>Of one call.</summary>
    /// <param name="caller">The caller; null: one without a key of this server, and all these count as one caller.</param>
    /// <param name="path">The script.</param>
    /// <param name="key">What the client has chosen.</param>
    /// <param name="asked">What else makes calls differ, such as the version, in an order that never changes.</param>
    /// <param name="input">The input as JSON.</param>
    public static KeptOnce Of(string? caller, string path, string key, IEnumerable<string?> asked, ReadOnlyMemory<byte> input) => new(
        HashOf([caller, path, key], default),
        HashOf(asked, input));

    // Each text stands behind its length, so no two lists of texts give the same bytes.
    private static string HashOf(IEnumerable<string?> texts, ReadOnlyMemory<byte> end)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text ?? "");
            BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        hash.AppendData(end.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What came of a call that is to have one run, however often it is sent.</summary>
/// <param name="Acceptance">Whether the store has a run for it.</param>
/// <param name="Id">The run: that of this call, or of an earlier one with the same key.</param>
/// <param name="IsSame">Whether that run's call asked for the same.</param>
public sealed record KeptClaim(KeptAcceptance Acceptance, string Id, bool IsSame);
