using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Faas.Http.Wire;

/// <summary>
/// The two names of a call. The one on the wire is the caller's own if it sent a valid one, and then two calls may
/// share it; the one that the pool goes by is unique in any case.
/// </summary>
public static class CallIds
{
    /// <summary>The header that carries the wire's name both ways.</summary>
    public const string Header = "X-Call-Id";

    private const int MaxLength = 128;

    // Not allowed in a caller's id, so no id of ours can be sent by a caller.
    private const char Separator = '~';

    private static long s_calls;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The caller's id if it is one and valid, else a new one.</summary>
    public static string OnTheWire(StringValues header) => header is [{ Length: > 0 and <= MaxLength } id] && !id.AsSpan().ContainsAnyExcept(Allowed)
        ? id
        : New();

    /// <summary>A name for the pool: unique, and telling in a log which call it is.</summary>
    public static string ForThePool(string onTheWire) => $"{onTheWire}{Separator}{Interlocked.Increment(ref s_calls)}";

    private static string New() => Guid.CreateVersion7().ToString("N");
}
