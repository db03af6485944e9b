using System.Buffers;
using System.Security.Cryptography;

namespace Faas.Actors.Runs;

/// <summary>Ids of one form: that of a call, <see cref="Run.IdSeparator"/>, a mark and 16 hex digits.</summary>
/// <param name="mark">Tells what has the id.</param>
internal sealed class MarkedIds(char mark)
{
    private const int Bytes = 8;
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    /// <summary>One that nothing else has.</summary>
    public string Next(string callId) => Of(callId, RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The one with these digits.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="bytes">What the digits say; more than are needed are left out.</param>
    public string Of(string callId, ReadOnlySpan<byte> bytes) =>
        $"{callId}{Run.IdSeparator}{mark}{Convert.ToHexStringLower(bytes[..Bytes])}";

    /// <summary>Whether it is an id of this form.</summary>
    public bool Is(string id)
    {
        var last = id.AsSpan(id.LastIndexOf(Run.IdSeparator) + 1);
        return last.Length < id.Length && last.Length == 1 + (2 * Bytes) && last[0] == mark && !last[1..].ContainsAnyExcept(s_hex);
    }
}
