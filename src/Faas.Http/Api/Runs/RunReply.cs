using System.Buffers;
using System.Text;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.UseCases;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs;

/// <summary>
/// Answers a call with the result of its run, in go-faas's form. The data is copied as bytes and never parsed again, except returned
/// bytes whose caller wants them as they are.
/// </summary>
public static class RunReply
{
    private const long LongFiles = 64 << 10;
    private static readonly ReadOnlyMemory<byte> s_begin = "{\"data\":"u8.ToArray();

    /// <summary><c>{"data":…,"type":"…"}</c>, a problem, or nothing more where the run was streamed.</summary>
    public static Task WriteAsync(HttpContext context, RunResult result, CallRequest call)
    {
        var record = CallRecord.Of(context);
        record.Version = result.Version;
        if (result is RunFinished finished)
        {
            record.Take(finished.Outcome);
            record.Measured = finished.Measured;
        }

        if (result is RunFinished { Streamed: true })
        {
            return Task.CompletedTask;
        }

        if (result.Version is { } version)
        {
            context.Response.SetVersion(version);
        }

        return result switch
        {
            RunFinished { Outcome: var outcome } => WriteAsync(context, outcome, call),
            RunNotTaken { Refusal: var refusal } => ProblemWriter.WriteAsync(context, FaasProblems.Of(refusal)),
            _ => throw new InvalidOperationException($"A run ended with {result.GetType().Name}."),
        };
    }

    private static Task WriteAsync(HttpContext context, Outcome outcome, CallRequest call)
    {
        context.Response.SetOutcome(outcome);
        var stats = call.Stats && outcome.Warmth is not null ? outcome.Usage : null;
        if (outcome is not { Reason: Reason.Ok, Data: { } data })
        {
            return ProblemWriter.WriteAsync(context, FaasProblems.Of(outcome) with { Stats = stats });
        }

        if (data.Type == DataType.Bytes && !WantedBody.IsForm(context.Request)
            && BytesData.Read(data) is var (mediaType, content) && WantedBody.IsRaw(context.Request, mediaType))
        {
            return WriteRawAsync(context.Response, mediaType, content);
        }

        return WriteAsync(context, outcome, data, call.Logs, stats);
    }

    private static async Task WriteRawAsync(HttpResponse response, string mediaType, byte[] content)
    {
        response.ContentType = mediaType;
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, response.HttpContext.RequestAborted);
    }

    private static async Task WriteAsync(HttpContext context, Outcome outcome, ResultData data, bool withLogs, Usage? stats)
    {
        var type = new ArrayBufferWriter<byte>(64);
        type.Write(",\"type\":\""u8);
        type.Write(data.Type.ToWireUtf8());
        type.Write("\""u8);
        HintJson.WriteMember(type, outcome.Hint);
        if (withLogs)
        {
            type.Write(",\"logs\":"u8);
            JsonText.WriteString(type, Encoding.UTF8.GetBytes(outcome.Logs));
        }

        var end = new ArrayBufferWriter<byte>(stats is null ? 1 : 96);
        if (stats is not null)
        {
            StatsJson.WriteMember(end, stats);
        }

        end.Write("}"u8);
        if (outcome.Files.Sum(file => file.Content.Length) > LongFiles)
        {
            // The thread that read the outcome serves other pipes, too, and is let go.
            await Task.Yield();
        }

        if (WantedBody.IsForm(context.Request))
        {
            byte[] begin = [.. s_begin.Span, .. data.Json.Span, .. type.WrittenSpan];
            await MultipartReply.WriteAsync(context.Response, begin, outcome.Files, end.WrittenMemory);
            return;
        }

        var files = outcome.Files.Count == 0 ? null : new FilesJson(outcome.Files);
        var (response, body) = (context.Response, context.Response.BodyWriter);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = s_begin.Length + data.Json.Length + type.WrittenCount + (files?.Length ?? 0) + end.WrittenCount;
        body.Write(s_begin.Span);
        body.Write(data.Json.Span);
        body.Write(type.WrittenSpan);
        if (files is not null)
        {
            await files.WriteMemberAsync(body, async () => !(await body.FlushAsync(context.RequestAborted)).IsCompleted);
        }

        body.Write(end.WrittenSpan);
        await body.FlushAsync(context.RequestAborted);
    }
}
