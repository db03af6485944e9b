using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Faas.Http.Api.Calls;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Scripts;

/// <summary>Which page of a list a request asks for: <c>?limit=&amp;after=</c>.</summary>
/// <param name="Limit">How many entries a page has.</param>
/// <param name="After">Where it begins, in the list's own words; null: at the beginning.</param>
/// <param name="List">What the list is, as a URL without a page. A cursor names its list, and is good for that one alone.</param>
public sealed record PageOfList(int Limit, string? After, string List)
{
    /// <summary>The query's names.</summary>
    public const string LimitName = "limit", AfterName = "after";

    /// <summary>The most entries of a page.</summary>
    public const int MaxLimit = 1000;

    private const int DefaultLimit = 50;

    /// <summary>Reads it; throws <see cref="ProblemException"/>.</summary>
    public static PageOfList Of(IQueryCollection query, string list) =>
        new(LimitOf(One(query, LimitName)), PositionOf(One(query, AfterName), list), list);

    /// <summary>The one value of a query name; null: it has none. Throws <see cref="ProblemException"/>.</summary>
    public static string? One(IQueryCollection query, string name) => query[name] switch
    {
        [] or [null or ""] => null,
        [{ } text] => text,
        _ => throw ProblemException.Malformed($"\"{name}\" is given more than once."),
    };

    /// <summary>The cursor of the page that begins there; null: there is none.</summary>
    public string? Cursor(string? position) =>
        position is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{List}\n{position}"));

    private static int LimitOf(string? text) =>
        text is null ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit ? limit
        : throw ProblemException.Malformed(
            $"\"{LimitName}\" is {UnknownName.Quoted(text)}; allowed are whole numbers from 1 to {MaxLimit}.");

    /// <summary>Where the page of a cursor begins; null: there is no cursor. Throws <see cref="ProblemException"/>.</summary>
    public static string? PositionOf(string? cursor, string list)
    {
        if (cursor is null)
        {
            return null;
        }

        // Neither a list nor a position has a line break.
        return Decoded(cursor)?.Split('\n') is not [var own, var position] ? throw ProblemException.Malformed(
                $"\"{AfterName}\" is {UnknownName.Quoted(cursor)}; allowed is the \"next\" of the page before, as it was.")
            : own != list ? throw ProblemException.Malformed(
                $"\"{AfterName}\" is a cursor of another list: of {own}, and not of {list}.")
            : position;
    }

    private static string? Decoded(string cursor) => Base64Url.IsValid(cursor)
        ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))
        : null;
}
