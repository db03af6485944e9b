using System.Buffers;

namespace Faas.Actors.Schedules;

/// <summary>Which names a schedule may have.</summary>
public static class ScheduleName
{
    /// <summary>The most characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What is allowed, as the end of a sentence.</summary>
    public const string Allowed = "1 to 64 letters, digits or -._, and not \".\" or \"..\"";

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Whether a text may be the name of a schedule.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(s_allowed) && name is not ("." or "..");
}
