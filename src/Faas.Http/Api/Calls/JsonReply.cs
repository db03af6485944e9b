using System.Buffers;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Wire;

namespace Faas.Http.Api.Calls;

/// <summary>The JSON answers of the three calls, as go-faas writes them.</summary>
public static class JsonReply
{
    /// <summary><c>{"data":…,"type":"…"}</c>, with <c>stats</c> where they were asked for; the data is not parsed again but sent as it came.</summary>
    public static Task WriteAsync(HttpResponse response, ResultData data, Usage? stats)
    {
        var end = new ArrayBufferWriter<byte>(stats is null ? 32 : 128);
        end.Write(",\"type\":\""u8);
        end.Write(data.Type.ToWire());
        end.Write("\""u8);
        if (stats is not null)
        {
            StatsJson.WriteMember(end, stats);
        }

        end.Write("}"u8);
        var begin = "{\"data\":"u8;
        Begin(response, begin.Length + data.Json.Length + end.WrittenCount);
        response.BodyWriter.Write(begin);
        response.BodyWriter.Write(data.Json.Span);
        response.BodyWriter.Write(end.WrittenSpan);
        return response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted).AsTask();
    }

    /// <summary><c>{"path":"…","language":"…","version":…}</c>.</summary>
    public static Task WriteAsync(HttpResponse response, string path, Language language, long version)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write("{\"path\":"u8);
        JsonText.WriteString(body, System.Text.Encoding.UTF8.GetBytes(path));
        body.Write(System.Text.Encoding.UTF8.GetBytes($",\"language\":\"{language.ToWire()}\",\"version\":{version}}}"));
        return WriteAsync(response, body);
    }

    private static Task WriteAsync(HttpResponse response, ArrayBufferWriter<byte> body)
    {
        Begin(response, body.WrittenCount);
        return response.Body.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted).AsTask();
    }

    private static void Begin(HttpResponse response, long length)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = length;
    }
}
