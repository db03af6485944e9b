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

        if (data.Type == DataType.Bytes && BytesData.Read(data) is var (mediaType, content) && WantedBody.IsRaw(context.Request, mediaType))
        {
            return WriteRawAsync(context.Response, mediaType, content);
        }

        return WriteAsync(context.Response, data, outcome.Hint, call.Logs ? outcome.Logs : null, stats);
    }

    private static async Task WriteRawAsync(HttpResponse response, string mediaType, byte[] content)
    {
        response.ContentType = mediaType;
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, response.HttpContext.RequestAborted);
    }

    private static async Task WriteAsync(HttpResponse response, ResultData data, string? hint, string? logs, Usage? stats)
    {
        var end = new ArrayBufferWriter<byte>(stats is null ? 32 : 128);
        end.Write(",\"type\":\""u8);
        end.Write(data.Type.ToWireUtf8());
        end.Write("\""u8);
        HintJson.WriteMember(end, hint);
        if (logs is not null)
        {
            end.Write(",\"logs\":"u8);
            JsonText.WriteString(end, Encoding.UTF8.GetBytes(logs));
        }

        if (stats is not null)
        {
            StatsJson.WriteMember(end, stats);
        }

        end.Write("}"u8);
        var begin = "{\"data\":"u8;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = begin.Length + data.Json.Length + end.WrittenCount;
        response.BodyWriter.Write(begin);
        response.BodyWriter.Write(data.Json.Span);
        response.BodyWriter.Write(end.WrittenSpan);
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }
}
