using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Microsoft.AspNetCore.WebUtilities;

namespace Faas.Http.Wire.Problems;

/// <summary>Writes a <see cref="Problem"/> as <c>application/problem+json</c>.</summary>
public static class ProblemWriter
{
    /// <summary>Answers the request with the problem; headers that were set before stay.</summary>
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var record = CallRecord.Of(context);
        record.Reason = problem.Reason;
        record.Fault ??= problem.IsFaultOfTheServer ? problem.Detail : null;
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Challenge is not null)
        {
            response.Headers.WWWAuthenticate = problem.Challenge;
        }

        var body = Json(context, problem);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>The problem's document, on one line.</summary>
    public static ReadOnlyMemory<byte> Json(HttpContext context, Problem problem)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, RelaxedJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("status", problem.Status);
            json.WriteString("title", TitleOf(problem.Status));
            json.WriteString("detail", problem.Detail);
            json.WriteString("reason", problem.Reason);
            json.WriteString("callId", context.TraceIdentifier);
            WriteFailure(json, problem.Error, problem.ExitCode, problem.Signal);
            if (problem.Logs is not null)
            {
                json.WriteString("logs", problem.Logs);
            }

            if (problem.Stats is not null)
            {
                json.WritePropertyName(StatsJson.Name);
                StatsJson.Write(json, problem.Stats);
            }

            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    // The framework's phrases are older than RFC 9110 for these two.
    private static string TitleOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "Content Too Large",
        StatusCodes.Status422UnprocessableEntity => "Unprocessable Content",
        _ => ReasonPhrases.GetReasonPhrase(status),
    };

    /// <summary>The members that say how a script failed, without the unknown ones.</summary>
    public static void WriteFailure(Utf8JsonWriter json, ScriptError? error, int? exitCode, string? signal)
    {
        if (error is not null)
        {
            json.WriteString("name", error.Name);
            json.WriteString("message", error.Message);
            WriteKnown(json, "stack", error.Stack);
            WriteKnown(json, "file", error.File);
            WriteKnown(json, "line", error.Line);
            WriteKnown(json, "column", error.Column);
        }

        WriteKnown(json, "exitCode", exitCode);
        WriteKnown(json, "signal", signal);
    }

    private static void WriteKnown(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteKnown(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
    }
}
