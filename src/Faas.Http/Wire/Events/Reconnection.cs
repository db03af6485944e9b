namespace Faas.Http.Wire.Events;

/// <summary>
/// A client of an event stream that lost its connection connects again by itself, and says which event came last. A run cannot be
/// joined again, and executing the script once more, again and again, is not what its caller asked for. Status 204 makes such a client
/// stop (WHATWG HTML, "Server-sent events").
/// </summary>
public static class Reconnection
{
    /// <summary>The header by which a client says which event came last.</summary>
    public const string LastEventId = "Last-Event-ID";

    /// <summary>True: the request is one, and has been answered.</summary>
    public static bool IsRefused(HttpContext context)
    {
        if (!context.Request.Headers.ContainsKey(LastEventId))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
