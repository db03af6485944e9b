using System.Buffers;
using Faas.Actors.Invocations;
using Faas.Http.Json;

namespace Faas.Http.Calls;

/// <summary>The JSON answers of the three calls, as go-faas writes them.</summary>
public static class JsonReply
{
    /// <summary><c>{"data":…,"type":"…"}</c>, with <c>stats</c> where they were asked for; the data is not parsed again but sent as it came.</summary>
    public static Task WriteAsync(HttpResponse response, ResultData data, Usage? stats)
    {
        var body = new ArrayBufferWriter<byte>(data.Json.Length + 32);
        body.Write("{\"data\":"u8);
        body.Write(data.Json.Span);
        body.Write(",\"type\":\""u8);
        body.Write(data.Type.ToWire());
        body.Write("\""u8);
        if (stats is not null)
        {
            StatsJson.WriteMember(body, stats);
        }

        body.Write("}"u8);
        return WriteAsync(response, body);
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
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.WrittenCount;
        return response.Body.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted).AsTask();
    }
}
