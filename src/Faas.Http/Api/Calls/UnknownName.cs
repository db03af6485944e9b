using System.Text.Encodings.Web;
using Faas.Actors.Json;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>Says that the server knows no such name, so that a misspelt one is not ignored in silence.</summary>
public static class UnknownName
{
    private const int Longest = 40;
    private const int Most = 8;

    /// <summary>
    /// Adds a sentence, for example <c>body: "inputs" is unknown; did you mean "input"?</c> Letters that a header cannot carry are escaped
    /// as in JSON. The ninth sentence, which is the last, says that more names are unknown.
    /// </summary>
    /// <param name="sentences">What has been said of the same request.</param>
    /// <param name="place">Where the name stands: <c>body</c> or <c>query</c>.</param>
    /// <param name="name">The name as it was sent.</param>
    /// <param name="known">The names that are known there.</param>
    public static void Add(List<string> sentences, string place, string name, IEnumerable<string> known)
    {
        if (sentences.Count <= Most)
        {
            sentences.Add(sentences.Count == Most ? "more names are unknown" : Sentence(place, name, known));
        }
    }

    /// <summary>The refusal of a body that has an unknown name, on a route where such a name is not ignored.</summary>
    /// <param name="name">The name as it was sent.</param>
    /// <param name="known">The names that are known there.</param>
    public static ProblemException InBody(string name, IEnumerable<string> known)
    {
        var sentence = Sentence("body", name, known);
        return ProblemException.Malformed(sentence.EndsWith('?') ? sentence : $"{sentence}.");
    }

    /// <summary>One sentence for each query name that is not known.</summary>
    public static List<string> InQuery(IQueryCollection query, IReadOnlyCollection<string> known)
    {
        var unknown = new List<string>();
        foreach (var name in query.Keys.Except(known))
        {
            Add(unknown, "query", name, known);
        }

        return unknown;
    }

    /// <summary>What a client has sent, in quotes: cut where it is long, and with escapes where a header cannot carry it.</summary>
    public static string Quoted(string text) =>
        $"\"{JavaScriptEncoder.Default.Encode(text.Length <= Longest ? text : text[..Longest])}{(text.Length > Longest ? "..." : "")}\"";

    private static string Sentence(string place, string name, IEnumerable<string> known)
    {
        var meant = NearestName.Of(name, known);
        return $"{place}: {Quoted(name)} is unknown"
            + (meant is null ? "" : $"; did you mean \"{meant}\"?");
    }
}
