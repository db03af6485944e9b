using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Faas.Http.Wire;

/// <summary>
/// The name of a call on the wire: the caller's own if it sent a valid one. Two calls may share it, unlike the ids of their runs.
/// </summary>
public static class CallIds
{
    /// <summary>The header that carries the wire's name both ways.</summary>
    public const string Header = "X-Call-Id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The caller's id if it is one and valid, else a new one.</summary>
    public static string OnTheWire(StringValues header) =>
        header is [{ Length: > 0 and <= MaxLength } id] && !id.AsSpan().ContainsAnyExcept(s_allowed)
        ? id
        : New();

    private static string New() => Guid.CreateVersion7().ToString("N");
}
