using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Http.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Faas.Http.Server.Logs;

/// <summary>
/// Writes each log entry as one line of JSON: <c>time</c> (UTC), <c>level</c>, <c>source</c>, <c>message</c>, the entry's own fields by
/// their names, and <c>exception</c>.
/// </summary>
public sealed class JsonLineFormatter() : ConsoleFormatter(FormatterName)
{
    /// <summary>The formatter's name among the console's.</summary>
    public const string FormatterName = "faas-json";

    // The template of a message; not a field.
    private const string Template = "{OriginalFormat}";

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, RelaxedJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("time", DateTime.UtcNow);
            json.WriteString("level", LevelName(logEntry.LogLevel));
            json.WriteString("source", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            foreach (var (name, value) in logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
            {
                WriteField(json, name, value);
            }

            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
        textWriter.Write('\n');
    }

    // Trace and critical cannot be chosen as the least level, so they have no name there.
    private static string LevelName(LogLevel level) =>
        Enum.IsDefined((LogThreshold)level) ? ((LogThreshold)level).ToWire() : level.ToString().ToLowerInvariant();

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
            case var _ when name == Template:
                break;
            case int or long:
                json.WriteNumber(name, Convert.ToInt64(value, null));
                break;
            case decimal number:
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            default:
                json.WriteString(name, $"{value}");
                break;
        }
    }
}
