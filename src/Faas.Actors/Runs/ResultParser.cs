using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>
/// Finds a run's <c>data</c>. It is the value that the script returned; if the script returned nothing, the whole of stdout if that is one
/// JSON value, over any number of lines; else the last line of stdout that is JSON; if no line is, the whole of stdout as text; if
/// stdout is empty, null. What was printed never replaces a returned value.
/// </summary>
public static class ResultParser
{
    /// <summary>
    /// The most levels of arrays and objects within each other. V8 and CPython stop far below this; a forged result need not.
    /// </summary>
    public const int MaxDepth = 100_000;

    /// <summary>The <c>data</c> of a script that returned nothing and printed nothing.</summary>
    public static ResultData Null { get; } = new("null"u8.ToArray(), DataType.Json);

    /// <summary>A returned value as data, on one line; null: the bytes are not exactly one JSON value in UTF-8.</summary>
    public static ResultData? FromJson(ReadOnlyMemory<byte> json)
    {
        if (!JsonScan.IsValue(json.Span, MaxDepth, out var first) || !Utf8.IsValid(json.Span))
        {
            return null;
        }

        return new ResultData(OnOneLine(json), TypeOf(first));
    }

    /// <summary>The type of a JSON value.</summary>
    public static DataType TypeOf(byte first) => first switch
    {
        (byte)'"' => DataType.String,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => DataType.Number,
        _ => DataType.Json,
    };

    /// <summary>The data of a script that returned nothing.</summary>
    /// <param name="stdout">What the script printed, or the end of it.</param>
    /// <param name="partial">True: <paramref name="stdout"/> is only the end of what was printed.</param>
    public static ResultData FromStdout(ReadOnlyMemory<byte> stdout, bool partial)
    {
        var whole = stdout.Trim(" \t\r\n"u8);
        if (!partial && whole.Span.Contains((byte)'\n') && FromJson(whole) is { } document)
        {
            return document;
        }

        var rest = stdout;
        while (!rest.IsEmpty)
        {
            var start = rest.Span.LastIndexOf((byte)'\n') + 1;
            var line = rest[start..];
            var isCut = partial && start == 0;
            if (!isCut && FromJson(line) is { } data)
            {
                return data;
            }

            rest = start == 0 ? default : rest[..(start - 1)];
        }

        var text = Encoding.UTF8.GetString(stdout.Span).Trim();
        return text.Length == 0 && !partial
            ? Null
            : new ResultData(JsonSerializer.SerializeToUtf8Bytes(text, RelaxedJson.SerializerOptions), DataType.Text, partial);
    }

    // In valid JSON, a line break can only be between tokens, so a space can replace it. A message of an event stream has no line breaks.
    private static byte[] OnOneLine(ReadOnlyMemory<byte> json)
    {
        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
