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

    /// <summary>The id of the last event that was written. Set: the next one has the id after it.</summary>
    public long LastId { get; set; }

    /// <summary>One printed line: the JSON value that it is, else text. A piece of a longer line is always text.</summary>
    public void Log(OutputLine line)
    {
        ref var isWithinLine = ref line.Stream == OutputStream.Stderr ? ref _isWithinStderrLine : ref _isWithinStdoutLine;
        var isPiece = isWithinLine || line.Partial;
        isWithinLine = line.Partial;
        Log(line.Stream, line.Bytes.Span, line.Partial, isPiece);
    }

    /// <summary>The same.</summary>
    /// <param name="stream">Where it was printed.</param>
    /// <param name="text">The line.</param>
    /// <param name="partial">Whether the line goes on in the next event.</param>
    /// <param name="isPiece">Whether it is a part of a line.</param>
    public void Log(OutputStream stream, ReadOnlySpan<byte> text, bool partial, bool isPiece)
    {
        Begin();
        output.Write("\"log\",\"data\":"u8);
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

        if (stream == OutputStream.Stderr)
        {
            output.Write(",\"stream\":\"stderr\""u8);
        }

        EndEvent(partial);
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

    /// <summary>The last event of a run that ended well, whose value is not kept.</summary>
    public void ResultCut(Usage usage)
    {
        Begin();
        output.Write("\"result\",\"data\":null"u8);
        EndData(DataType.Json);
        output.Write(",\"resultCut\":true"u8);
        StatsJson.WriteMember(output, usage);
        EndEvent(partial: false);
    }

    /// <summary>The last event of what did not run, and did not end well.</summary>
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
        EventFrames.Begin(output, ++LastId);
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
