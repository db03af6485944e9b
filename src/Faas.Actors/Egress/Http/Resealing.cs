using System.Text;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress.Http;

/// <summary>
/// Puts the placeholders of sealed secrets in the place of their values, in the header fields that a host sends back.
/// </summary>
/// <remarks>
/// Theory of operation. A redirect from <c>http:</c> to <c>https:</c> copies path and query, and with them a value that the proxy has put
/// there. The script would read it in the Location field. So a value is searched as it is and percent-encoded, the longest form first. Like
/// in the output of runs, values of few bytes are not searched: they would be found in fields that have nothing to do with them. A host
/// that changes a value in another way, or shows it in a body, shows it.
/// </remarks>
internal sealed class Resealing
{
    private const int LeastBytes = 8; // as the mask of outputs (Runs/OutputMask.cs)

    private readonly (string Form, string Placeholder)[] _forms;

    /// <summary>Searches the values of these secrets.</summary>
    public Resealing(IEnumerable<SealedSecret> secrets) => _forms =
    [
        .. secrets.Where(secret => secret.Value.Length >= LeastBytes)
            .SelectMany(secret => SealedForms.TextsOf(secret.Value).Select(form => (Of(form), secret.Placeholder)))
            .OrderByDescending(form => form.Item1.Length),
    ];

    /// <summary>The text with placeholders.</summary>
    public string In(string text) =>
        _forms.Length == 0 ? text
        : _forms.Aggregate(text, static (all, one) => all.Replace(one.Form, one.Placeholder, StringComparison.Ordinal));

    // Heads are read with one character for each byte.
    private static string Of(string form) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(form));
}
