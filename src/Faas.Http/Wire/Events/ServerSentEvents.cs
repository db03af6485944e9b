using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Wire.Events;

/// <summary>
/// What a run prints and how it ends, as the bytes of an event stream. Writes into memory; sending and waiting are the caller's, who is
/// asked to send between the pieces of files.
/// </summary>
public sealed class ServerSentEvents(IBufferWriter<byte> output)
{
    // A printed line that nests deeper is sent as text, because most JSON readers would refuse the whole event.
    private const int MaxDepth = 512;

    private bool _isWithinStdoutLine;
    private bool _isWithinStderrLine;
    private long _id;

    /// <summary>One printed line: the JSON value that it is, else text. A piece of a longer line is always text.</summary>
    public void Log(OutputLine line)
    {
        ref var isWithinLine = ref line.Stream == OutputStream.Stderr ? ref _isWithinStderrLine : ref _isWithinStdoutLine;
        var isPiece = isWithinLine || line.Partial;
        isWithinLine = line.Partial;

        Begin();
        output.Write("\"log\",\"data\":"u8);
        var text = line.Bytes.Span;
        var json = text.Trim(" \t\r"u8);
        if (!isPiece && Utf8.IsValid(json) && JsonScan.IsValue(json, MaxDepth, out _))
        {
            JsonText.WriteOnOneLine(output, json);
            EndData(ResultParser.TypeOf(json[0]));
        }
        else
        {
            JsonText.WriteString(output, text);
            EndData(DataType.Text);
        }

        if (line.Stream == OutputStream.Stderr)
        {
            output.Write(",\"stream\":\"stderr\""u8);
        }

        EndEvent(line.Partial);
    }

    /// <summary>The last event of a run, with its cost: <c>result</c> when the run ended well, else <c>error</c>.</summary>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="send">Sends what was written; false: the client is gone.</param>
    /// <returns>False: the client is gone, and the event is not complete.</returns>
    public ValueTask<bool> EndAsync(Outcome outcome, Func<ValueTask<bool>> send)
    {
        if (outcome is { Reason: Reason.Ok, Data: { } data })
        {
            return ResultAsync(data, outcome, send);
        }

        Error(FaasProblems.Of(outcome), outcome.Usage);
        return ValueTask.FromResult(true);
    }

    /// <summary>The last event of what is no run and ended well.</summary>
    /// <param name="json">Its answer.</param>
    public void Result(ReadOnlySpan<byte> json)
    {
        Begin();
        output.Write("\"result\",\"data\":"u8);
        JsonText.WriteOnOneLine(output, json);
        EndData(DataType.Json);
        EndEvent(partial: false);
    }

    /// <summary>The last event of what is no run and did not end well.</summary>
    public void Failure(Problem problem) => Error(problem, usage: null);

    private async ValueTask<bool> ResultAsync(ResultData data, Outcome outcome, Func<ValueTask<bool>> send)
    {
        Begin();
        output.Write("\"result\",\"data\":"u8);
        JsonText.WriteOnOneLine(output, data.Json.Span);
        EndData(data.Type);
        HintJson.WriteMember(output, outcome.Hint);
        if (!await new FilesJson(outcome.Files).WriteMemberAsync(output, send))
        {
            return false;
        }

        StatsJson.WriteMember(output, outcome.Usage);
        EndEvent(data.Partial);
        return true;
    }

    private void Error(Problem problem, Usage? usage)
    {
        Begin();
        output.Write("\"error\","u8);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, RelaxedJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("data", problem.Detail.ReplaceLineEndings(" "));
            json.WriteString("type", DataType.Text.ToWireUtf8());
            json.WriteString("reason", problem.Reason);
            ProblemWriter.WriteFailure(json, problem.Error, problem.ExitCode, problem.Signal);
            if (usage is not null)
            {
                json.WritePropertyName(StatsJson.Name);
                StatsJson.Write(json, usage);
            }

            json.WriteEndObject();
        }

        JsonText.WriteOnOneLine(output, buffer.WrittenSpan[1..]);
        EventFrames.End(output);
    }

    private void Begin()
    {
        EventFrames.Begin(output, ++_id);
        output.Write("{\"event\":"u8);
    }

    private void EndData(DataType type)
    {
        output.Write(",\"type\":\""u8);
        output.Write(type.ToWireUtf8());
        output.Write("\""u8);
    }

    private void EndEvent(bool partial)
    {
        output.Write(partial ? ",\"partial\":true}"u8 : "}"u8);
        EventFrames.End(output);
    }
}
