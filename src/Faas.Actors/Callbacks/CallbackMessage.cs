using System.Buffers;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;

namespace Faas.Actors.Callbacks;

/// <summary>
/// What a callback says. It says the same at each attempt, so a receiver that gets it twice loses nothing by leaving the second one out.
/// Pure.
/// </summary>
/// <param name="Id">Names it: the id of the run.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Body">JSON, an object.</param>
public sealed record CallbackMessage(string Id, string ContentType, ReadOnlyMemory<byte> Body)
{
    private const string PlainType = "application/json; charset=utf-8";
    private const string EventType = "application/cloudevents+json; charset=utf-8";

    // The record nests as deep as a script's value.
    private static readonly JsonWriterOptions s_writer = new() { SkipValidation = true };

    /// <summary>The callback of a run that has ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="record">Its record as JSON.</param>
    public static CallbackMessage Of(KeptRun run, ReadOnlyMemory<byte> record) => run.Call.Callback!.Format == CallbackFormat.Plain
        ? new CallbackMessage(run.Id, PlainType, record)
        : new CallbackMessage(run.Id, EventType, EventOf(run, record));

    /// <summary>Whether the reason of an end is that of a run that has done what it should.</summary>
    public static CallbackOutcome OutcomeOf(KeptEnd? end) =>
        end is { IsOk: true } ? CallbackOutcome.Ok : CallbackOutcome.Failed;

    // CloudEvents 1.0, JSON format. The source and the id together name one event.
    private static ReadOnlyMemory<byte> EventOf(KeptRun run, ReadOnlyMemory<byte> record)
    {
        var buffer = new ArrayBufferWriter<byte>(record.Length + 512);
        using (var json = new Utf8JsonWriter(buffer, s_writer))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", run.Id);
            json.WriteString("source", $"/run/{string.Join('/', run.Call.Path.Split('/').Select(Uri.EscapeDataString))}");
            json.WriteString("type", $"faas.run.{OutcomeOf(run.End).ToWire()}");
            json.WriteString("subject", run.Id);
            if (run.Ended is { } ended)
            {
                json.WriteString("time", ended.UtcDateTime);
            }

            json.WriteString("datacontenttype", "application/json");
            json.WritePropertyName("data");
            json.WriteRawValue(record.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
