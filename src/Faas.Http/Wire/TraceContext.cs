using System.Diagnostics;

namespace Faas.Http.Wire;

/// <summary>The trace that a caller's request belongs to (W3C Trace Context).</summary>
public static class TraceContext
{
    private const int Length = 55; // of every version that is known

    /// <summary>The request's <c>traceparent</c>; null: it has none, or one that is not valid, which the standard says to ignore.</summary>
    public static string? ParentOf(HttpRequest request) =>
        request.Headers.TraceParent is [{ Length: Length } parent] && ActivityContext.TryParse(parent, null, out _) ? parent : null;
}
