using System.Buffers;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Http.Api.Runs;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Batches;

/// <summary>
/// Writes the events of a batch. An event has the same bytes whenever it is written, as long as the record of its run is kept.
/// </summary>
internal static class BatchEventWriter
{
    /// <summary>Writes one.</summary>
    public static void Write(IBufferWriter<byte> output, BatchEvent told)
    {
        var data = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(data, RelaxedJson.WriterOptions))
        {
            json.WriteStartObject();
            switch (told)
            {
                case BatchRunEvent { End: var end, Count: var count }:
                    WriteRun(json, end);
                    WriteProgress(json, end.Number, count);
                    break;
                case BatchEndEvent { Batch: var batch }:
                    json.WriteString("event", "end");
                    json.WriteStartObject("data");
                    foreach (var (reason, runs) in batch.Reasons.OrderBy(one => one.Key, StringComparer.Ordinal))
                    {
                        json.WriteNumber(reason, runs);
                    }

                    json.WriteEndObject();
                    json.WriteString("type", DataType.Json.ToWireUtf8());
                    WriteProgress(json, batch.Ended, batch.Count);
                    break;
                default:
                    throw new InvalidOperationException($"A batch told {told.GetType().Name}.");
            }

            json.WriteEndObject();
        }

        EventFrames.Begin(output, told.Number);
        JsonText.WriteOnOneLine(output, data.WrittenSpan);
        EventFrames.End(output);
    }

    private static void WriteRun(Utf8JsonWriter json, BatchEnd end)
    {
        json.WriteString("event", end.Reason == Reason.Ok.ToWire() ? "result" : "error");
        json.WriteNumber("index", end.Run.Index);
        json.WriteString("run", end.Run.Id);
        json.WriteString("reason", end.Reason);
        if (end.Run.Run is not { End: { } known } run)
        {
            json.WriteNull("data");
            json.WriteString("type", DataType.Json.ToWireUtf8());
            json.WriteBoolean("gone", true);
        }
        else if (known.IsOk)
        {
            WriteValue(json, run);
        }
        else
        {
            WriteFailure(json, run);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, KeptRun run)
    {
        json.WritePropertyName("data");
        json.WriteRawValue(run.Result.IsEmpty ? "null"u8 : run.Result.Span, skipInputValidation: true);
        json.WriteString("type", (run.End!.Type ?? DataType.Json).ToWireUtf8());
        if (run.End.ResultCut == true)
        {
            json.WriteBoolean("resultCut", true);
        }
    }

    private static void WriteFailure(Utf8JsonWriter json, KeptRun run)
    {
        var end = run.End!;
        var problem = WireNames.TryParse<Reason>(end.Reason, out var reason)
            ? FaasProblems.Of(EndedReply.OutcomeOf(reason, run))
            : EndedReply.ProblemOf(end);
        json.WriteString("data", problem.Detail.ReplaceLineEndings(" "));
        json.WriteString("type", DataType.Text.ToWireUtf8());
        ProblemWriter.WriteFailure(json, end.Error, end.ExitCode, end.Signal);
    }

    private static void WriteProgress(Utf8JsonWriter json, long ended, int count)
    {
        json.WriteStartObject("progress");
        json.WriteNumber("ended", ended);
        json.WriteNumber("count", count);
        json.WriteEndObject();
    }
}
