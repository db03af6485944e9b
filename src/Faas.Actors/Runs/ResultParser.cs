using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>
/// What a run's <c>data</c> is: the value that the script returned; if it returned nothing, the last stdout
/// line that is JSON; else all of stdout as text; else null. Nothing that is printed replaces a returned value.
/// </summary>
public static class ResultParser
{
    /// <summary>Arrays and objects within each other. V8 and CPython stop far below; a forged result may not.</summary>
    public const int MaxDepth = 100_000;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The <c>data</c> of a script that returned and printed nothing.</summary>
    public static ResultData Null { get; } = new("null"u8.ToArray(), DataType.Json);

    /// <summary>A value as data, on one line; null when the bytes are not exactly one JSON value in UTF-8.</summary>
    public static ResultData? FromJson(ReadOnlyMemory<byte> json)
    {
        if (!JsonScan.IsValue(json.Span, MaxDepth, out var first) || !Utf8.IsValid(json.Span))
        {
            return null;
        }

        return new ResultData(OnOneLine(json), TypeOf(first));
    }

    /// <summary>The type of a JSON value, by the first byte of it.</summary>
    public static DataType TypeOf(byte first) => first switch
    {
        (byte)'"' => DataType.String,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => DataType.Number,
        _ => DataType.Json,
    };

    /// <summary>What a script that returned nothing answers.</summary>
    /// <param name="stdout">What it printed, or the end of that.</param>
    /// <param name="partial">True when <paramref name="stdout"/> is only the end of it.</param>
    public static ResultData FromStdout(ReadOnlyMemory<byte> stdout, bool partial)
    {
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
            : new ResultData(JsonSerializer.SerializeToUtf8Bytes(text, Relaxed), DataType.Text, partial);
    }

    // Line breaks of valid JSON stand between its tokens; an event stream's message may have none.
    private static byte[] OnOneLine(ReadOnlyMemory<byte> json)
    {
        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
