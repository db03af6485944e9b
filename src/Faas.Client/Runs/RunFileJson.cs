using System.Text.Json;

namespace Faas.Client;

/// <summary>Writes the files that a call brings, and reads those that its script has left.</summary>
internal static class RunFileJson
{
    /// <summary>Writes the member <c>files</c>, if there are any.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<RunFile>? files)
    {
        if (files is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartArray("files");
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteBase64String("base64", file.Content.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads the member <c>files</c> of an answer, or of a stream's last event; without it, there are none.</summary>
    public static IReadOnlyList<RunFile> Read(JsonElement from) => from.TryGetProperty("files", out var files)
        ? [.. files.EnumerateArray().Select(file => new RunFile(
            file.GetProperty("name").GetString() ?? throw new FormatException("A file has no name."),
            file.GetProperty("base64").GetBytesFromBase64())
        {
            MediaType = RunJson.Text(file, "mediaType"),
        })]
        : [];
}
