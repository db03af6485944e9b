using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Http.Wire.Problems;
using ModelContextProtocol.Protocol;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// What came of a call, as the protocol says it: text for the model, the same as <c>structuredContent</c> where it is an object, and images
/// and sounds as such. docs/mcp.md has the table.
/// </summary>
internal static class ToolResults
{
    // The library writes a result with one more level or two around it, and its writer ends at 64.
    private const int MostStructured = 48;

    /// <summary>The outcome of a script.</summary>
    public static CallToolResult OfScript(Outcome outcome) => outcome switch
    {
        { Reason: not Reason.Ok } or { Data: null } => Of(FaasProblems.Of(outcome), isStructured: false),
        { Data: { Type: DataType.Bytes } data } when MediaOf(data) is { } media => new CallToolResult { Content = [media] },
        { Data: { } data } => new CallToolResult { Content = [Text(TextOf(data))], StructuredContent = ObjectOf(data.Json) },
    };

    /// <summary>The outcome of code, with what it printed: one JSON object.</summary>
    public static CallToolResult OfCode(Outcome outcome)
    {
        if (outcome is not { Reason: Reason.Ok, Data: { } data })
        {
            return Of(FaasProblems.Of(outcome), isStructured: true);
        }

        var media = data.Type == DataType.Bytes ? MediaOf(data) : null;
        var report = Object(json =>
        {
            json.WriteString("reason", outcome.Reason.ToWire());
            if (media is null)
            {
                json.WritePropertyName("result");
                json.WriteRawValue(data.Json.Span, skipInputValidation: true);
            }

            json.WriteString("logs", outcome.Logs);
            if (outcome.Hint is { } hint)
            {
                json.WriteString("hint", hint);
            }
        });
        var text = Text(Encoding.UTF8.GetString(report));
        return new CallToolResult { Content = media is null ? [text] : [media, text], StructuredContent = ObjectOf(report) };
    }

    /// <summary>A run that failed, or that there was none.</summary>
    /// <param name="problem">Why.</param>
    /// <param name="isStructured">Whether the tool's results are objects.</param>
    public static CallToolResult Of(Problem problem, bool isStructured)
    {
        var report = Object(json =>
        {
            json.WriteString("reason", problem.Reason);
            if (problem.Error is null)
            {
                json.WriteString("message", problem.Detail);
            }

            ProblemWriter.WriteFailure(json, problem.Error, problem.ExitCode, problem.Signal);
            if (problem.Logs is { } logs)
            {
                json.WriteString("logs", logs);
            }
        });
        return new CallToolResult
        {
            IsError = true,
            Content = [Text(Encoding.UTF8.GetString(report))],
            StructuredContent = isStructured ? ObjectOf(report) : null,
        };
    }

    private static TextContentBlock Text(string text) => new() { Text = text };

    private static string TextOf(ResultData data)
    {
        var json = Encoding.UTF8.GetString(data.Json.Span);
        if (data.Type is not (DataType.String or DataType.Text))
        {
            return json;
        }

        try
        {
            using var document = JsonDocument.Parse(data.Json);
            return document.RootElement.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return json; // half of a surrogate pair is no text
        }
    }

    private static ContentBlock? MediaOf(ResultData data)
    {
        var (header, content) = BytesData.Read(data);
        var type = MediaTypeHeaderValue.Parse(header).MediaType ?? "";
        return type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? ImageContentBlock.FromBytes(content, type)
            : type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? AudioContentBlock.FromBytes(content, type)
            : null;
    }

    private static JsonElement? ObjectOf(ReadOnlyMemory<byte> json)
    {
        if (!JsonScan.IsValue(json.Span, MostStructured, out var first) || first != (byte)'{')
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static byte[] Object(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, RelaxedJson.WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
