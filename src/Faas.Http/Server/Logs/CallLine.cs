using System.Buffers;
using System.Collections;
using System.Globalization;
using Faas.Actors.Json;
using Faas.Http.Wire;

namespace Faas.Http.Server.Logs;

/// <summary>
/// One answered request as a log entry: a sentence's worth of text for people, and fields for programs. docs/logs.md explains the fields.
/// A field that is not known is left out.
/// </summary>
/// <param name="call">The request and its answer.</param>
/// <param name="record">What the answer's parts knew.</param>
public sealed class CallLine(Answered call, CallRecord record)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(" \"=\r\n\t");

    private readonly KeyValuePair<string, object?>[] _fields =
    [
        .. Fields(call, record).Where(field => field.Value is not null),
    ];

    /// <inheritdoc />
    public int Count => _fields.Length;

    /// <inheritdoc />
    public KeyValuePair<string, object?> this[int index] => _fields[index];

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, object?>>)_fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary><c>POST /run/math/add 200 reason=ok call=… duration=0.0031 …</c></summary>
    public override string ToString() => string.Join(
        ' ',
        _fields.Select(field => field.Key is "method" or "route" or "status" ? Text(field.Value) : $"{field.Key}={Text(field.Value)}"));

    private static IEnumerable<KeyValuePair<string, object?>> Fields(Answered call, CallRecord record)
    {
        yield return new("method", call.Method);
        yield return new("route", call.Route);
        yield return new("status", call.Status);
        yield return new("reason", record.Reason);
        yield return new("duration", Seconds(call.Elapsed));
        yield return new("call", call.CallId);
        yield return new("key", call.Key);
        yield return new("path", record.Path);
        yield return new("version", record.Version);
        yield return new("start", record.Start?.ToWire());
        yield return new("run", record.Usage is { } ran ? Seconds(ran.Elapsed) : null);
        yield return new("cpu", record.Usage is { MaxRssBytes: > 0 } used ? Seconds(used.Cpu) : null);
        yield return new("memory", record.Usage is { MaxRssBytes: > 0 and var bytes } ? bytes : null);
        yield return new("in", record.InputBytes);
        yield return new("out", record.OutputBytes);
        yield return new("fault", record.Fault);
    }

    private static decimal Seconds(TimeSpan time) => decimal.Round((decimal)time.TotalSeconds, 6);

    private static string Text(object? value) => value switch
    {
        string text when text.Length == 0 || text.AsSpan().ContainsAny(s_quoted) =>
            $"\"{text.ReplaceLineEndings(" ").Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
