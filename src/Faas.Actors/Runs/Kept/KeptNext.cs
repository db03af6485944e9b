using System.Buffers;
using System.Text.Json;

namespace Faas.Actors.Runs.Kept;

/// <summary>The next run of a chain, which the store accepts in the step that ends the run before.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Call">Its call.</param>
/// <param name="Input">Its input.</param>
/// <param name="Refusals">Why the store does not accept it, in words, by <see cref="KeptAcceptance"/>; the first is empty.</param>
public sealed record KeptNext(string Id, KeptCall Call, ReadOnlyMemory<byte> Input, IReadOnlyList<string> Refusals)
{
    private const int DeepestText = 1000;

    /// <summary>What the run after one that has ended is given: its value; or, if it has none, what is known of its failure.</summary>
    /// <param name="run">The run that has ended, with its input.</param>
    /// <param name="outcome">How it ended.</param>
    public static ReadOnlyMemory<byte> InputAfter(KeptRun run, KeptOutcome outcome)
    {
        if (outcome.End.IsOk)
        {
            return outcome.Value.IsEmpty ? "null"u8.ToArray() : outcome.Value;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = DeepestText }))
        {
            json.WriteStartObject();
            json.WriteString("run", run.Id);
            json.WriteString("path", run.Call.Path);
            json.WriteNumber("version", run.Call.Version);
            json.WriteString("reason", outcome.End.Reason);
            if (outcome.End.Detail is { } detail)
            {
                json.WriteString("detail", detail);
            }

            if (outcome.End.Error is { } error)
            {
                json.WritePropertyName("error");
                json.WriteRawValue(KeptJson.BytesOf(error));
            }

            json.WritePropertyName("input");
            json.WriteRawValue(run.Input.Span, skipInputValidation: true); // it was checked when the run was accepted
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
