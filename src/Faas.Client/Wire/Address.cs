using System.Globalization;

namespace Faas.Client;

/// <summary>Writes addresses relative to the server's.</summary>
internal static class Address
{
    /// <summary>Of <c>/api/v1/scripts/{path}</c>, where the path is one segment.</summary>
    public static string Script(string path) => $"api/v1/scripts/{Segment(path)}";

    /// <summary>A text as one segment.</summary>
    public static string Segment(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return Uri.EscapeDataString(text);
    }

    /// <summary>A query of the members that are not null; nothing where all are.</summary>
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> members)
    {
        var query = "";
        foreach (var (name, value) in members)
        {
            query += value is null ? "" : $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        }

        return query;
    }

    /// <summary>A number of a query.</summary>
    public static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
