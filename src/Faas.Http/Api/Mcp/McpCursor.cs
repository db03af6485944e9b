using Faas.Http.Api.Scripts;
using Faas.Http.Wire.Problems;
using ModelContextProtocol;

namespace Faas.Http.Api.Mcp;

/// <summary>Reads the cursors of lists of the protocol, which are those of <see cref="PageOfList"/>.</summary>
internal static class McpCursor
{
    /// <summary>Where the page begins; null: at the beginning. Throws <see cref="McpProtocolException"/>.</summary>
    /// <param name="cursor">The <c>nextCursor</c> of the page before; null: none.</param>
    /// <param name="list">The list.</param>
    public static string? PositionOf(string? cursor, string list)
    {
        try
        {
            return PageOfList.PositionOf(cursor, list);
        }
        catch (ProblemException)
        {
            throw Wrong();
        }
    }

    /// <summary>The cursor is none of the list.</summary>
    public static McpProtocolException Wrong() => new(
        "\"cursor\" is none of this list; allowed is the \"nextCursor\" of the page before, as it was.", McpErrorCode.InvalidParams);
}
