namespace Faas.Actors.Configuration;

/// <summary>Writes texts into HOCON.</summary>
public static class HoconQuote
{
    /// <summary>The text in quotes, on one line.</summary>
    public static string Of(string text) =>
        "\""
        + text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", @"\n", StringComparison.Ordinal)
        + "\"";
}
