using System.Buffers;

namespace Faas.Actors.Scripts;

/// <summary>What the name of a header consists of: a token of RFC 9110, section 5.6.2.</summary>
public static class HeaderName
{
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether the text can be one.</summary>
    public static bool IsValid(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(s_token);
}
