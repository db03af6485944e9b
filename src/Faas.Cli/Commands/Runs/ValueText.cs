using System.Text.Json;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>Writes what a run returned to stdout: a text as it is, bytes as they are, all else as JSON.</summary>
internal static class ValueText
{
    /// <summary>Writes it.</summary>
    public static void Write(Terminal terminal, RunResult result)
    {
        if (result.Type == "bytes" && BytesOf(result.Data) is var (bytes, mediaType))
        {
            WriteBytes(terminal, bytes, mediaType);
        }
        else
        {
            terminal.Out.WriteLine(Of(result, indented: terminal.OutIsTerminal));
        }
    }

    /// <summary>It as text.</summary>
    public static string Of(RunResult result, bool indented) => result.Data.ValueKind == JsonValueKind.String
        ? $"{result.Data}"
        : JsonLayout.Of(result.Data, indented);

    private static (byte[] Bytes, string MediaType)? BytesOf(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object
        && data.TryGetProperty("base64", out var text)
        && text.TryGetBytesFromBase64(out var bytes)
        && data.TryGetProperty("mediaType", out var type)
            ? (bytes, $"{type}")
            : null;

    private static void WriteBytes(Terminal terminal, byte[] bytes, string mediaType)
    {
        if (terminal.OutIsTerminal)
        {
            terminal.Remark($"({mediaType}, {Figures.Size(bytes.Length)}; `> FILE` keeps it)");
            return;
        }

        using var output = new StandardOutput();
        output.Write(bytes);
    }
}
