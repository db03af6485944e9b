using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faas.Cli.Output;

/// <summary>Says why a text is no JSON, and where. The reader's own message speaks of .NET.</summary>
internal static partial class JsonError
{
    /// <summary>A sentence: <c>Line 2, column 7: '}' is an invalid start of a value.</c></summary>
    public static string Of(JsonException wrong)
    {
        var said = Place().Replace(wrong.Message, "").ReplaceLineEndings(" ").Trim();
        said = Options().Replace(said, ".").Replace("JSON payload", "text", StringComparison.Ordinal);
        return wrong.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, column {(wrong.BytePositionInLine ?? 0) + 1}: {said}")
            : said;
    }

    [GeneratedRegex(@"\s*(Path: .*)?\|?\s*LineNumber: .*\z", RegexOptions.Singleline)]
    private static partial Regex Place();

    [GeneratedRegex(@" which is not supported in this mode\.|\. (Change the reader options|Cannot read next JSON).*\z")]
    private static partial Regex Options();
}
