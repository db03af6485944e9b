using System.Buffers;

namespace Faas.Actors.Scripts;

/// <summary>Which names an alias may have.</summary>
public static class AliasName
{
    /// <summary>The most characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What is allowed, as the end of a sentence.</summary>
    public const string Allowed = "1 to 64 letters, digits or -._, not digits alone, and not \"latest\"";

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Whether a text may be an alias. A version's number cannot, so no name is both.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && !name.AsSpan().ContainsAnyExcept(s_allowed)
        && !name.All(char.IsAsciiDigit)
        && name is not (VersionRef.LatestName or "." or "..");
}
