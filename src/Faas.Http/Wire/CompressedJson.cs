using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Wire;

/// <summary>
/// Compresses large answers to reads. Theory of operation: lists repeat their members' names, so the fastest level makes them four to eight
/// times smaller in about a millisecond per 100 KB. What scripts answer is never compressed here.
/// <para>
/// A compressed answer that holds a secret and a text of an attacker tells the secret by its length (BREACH). No answer to a read holds the
/// secret of a key or the value of a secret, and no browser adds a key to a request by itself.
/// </para>
/// </summary>
public static class CompressedJson
{
    /// <summary>Fewer bytes are sent as they are: they would hardly be fewer packets.</summary>
    public const int Least = 4096;

    /// <summary>The body as the client takes it; sets the headers that say how it is coded.</summary>
    public static ReadOnlyMemory<byte> Of(HttpContext context, byte[] body)
    {
        if (body.Length < Least || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            return body;
        }

        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        var coding = ContentCoding.Best(context.Request, ContentCoding.Brotli, ContentCoding.Gzip);
        if (coding == ContentCoding.Identity)
        {
            return body;
        }

        headers.ContentEncoding = coding;
        var compressed = new MemoryStream(body.Length / 4);
        using (Stream coder = coding == ContentCoding.Brotli
            ? new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            coder.Write(body);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }
}
