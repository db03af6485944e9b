using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Faas.Actors.Runs.Kept;

namespace Faas.Actors.Runs.Batches;

/// <summary>
/// Names batches: the call's id, <see cref="Run.IdSeparator"/>, <c>b</c> and 16 hex digits. The names of a batch's runs follow from its
/// own, so no list of them is stored.
/// </summary>
public static class BatchIds
{
    private const char Mark = 'b';
    private const int RandomBytes = 8;
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    /// <summary>A name for a batch of this call.</summary>
    public static string Next(string callId) =>
        $"{callId}{Run.IdSeparator}{Mark}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}";

    /// <summary>The name of one of its runs, a <see cref="KeptIds"/>.</summary>
    /// <param name="batch">The name of the batch.</param>
    /// <param name="index">Which input the run has, from 0.</param>
    public static string RunOf(string batch, int index) => KeptIds.Of(
        batch[..batch.LastIndexOf(Run.IdSeparator)], string.Create(CultureInfo.InvariantCulture, $"{batch} {index}"));

    /// <summary>Whether it is an id of this form.</summary>
    public static bool Is(string id)
    {
        var last = id.AsSpan(id.LastIndexOf(Run.IdSeparator) + 1);
        return last.Length < id.Length
            && last.Length == 1 + (2 * RandomBytes)
            && last[0] == Mark
            && !last[1..].ContainsAnyExcept(s_hex);
    }
}
