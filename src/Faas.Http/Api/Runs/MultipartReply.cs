using System.Buffers;
using System.Text;
using Faas.Actors.Runs;
using Faas.Http.Wire;

namespace Faas.Http.Api.Runs;

/// <summary>
/// The answer to a call as a form (multipart/form-data, RFC 7578), which a browser's <c>response.formData()</c> reads: the part
/// <c>result</c> is the JSON answer, in which the files have no content; each part <c>files</c> is a file.
/// </summary>
public static class MultipartReply
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "multipart/form-data";

    /// <summary>Writes it.</summary>
    /// <param name="response">The response.</param>
    /// <param name="begin">The JSON answer up to its files.</param>
    /// <param name="files">The files.</param>
    /// <param name="end">The rest of the JSON answer.</param>
    public static async Task WriteAsync(
        HttpResponse response, ReadOnlyMemory<byte> begin, IReadOnlyList<RunFile> files, ReadOnlyMemory<byte> end)
    {
        // A script cannot know it, so no content has it but by one chance in 2^122.
        var boundary = $"faas-{Guid.NewGuid():N}";
        byte[][] heads = [ResultHead(boundary), .. files.Select(file => FileHead(boundary, file))];
        var facts = Facts(files);
        var last = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");

        response.ContentType = $"{MediaType}; boundary={boundary}";
        response.ContentLength = heads.Sum(head => (long)head.Length) + begin.Length + facts.Length + end.Length
            + files.Sum(file => file.Content.Length) + last.Length;
        var (body, cancellation) = (response.BodyWriter, response.HttpContext.RequestAborted);
        body.Write(heads[0]);
        body.Write(begin.Span);
        body.Write(facts.Span);
        body.Write(end.Span);
        for (var at = 0; at < files.Count; at++)
        {
            body.Write(heads[at + 1]);
            foreach (var segment in files[at].Content)
            {
                await body.WriteAsync(segment, cancellation);
            }
        }

        body.Write(last);
        await body.FlushAsync(cancellation);
    }

    private static byte[] ResultHead(string boundary) => Encoding.ASCII.GetBytes(
        $"--{boundary}\r\nContent-Disposition: form-data; name=\"result\"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n");

    // A name has no line breaks; a quote is escaped as browsers do (WHATWG HTML, "Multipart form data").
    private static byte[] FileHead(string boundary, RunFile file) => Encoding.UTF8.GetBytes(
        $"\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; "
        + $"filename=\"{file.Name.Replace("\"", "%22", StringComparison.Ordinal)}\"\r\n"
        + $"Content-Type: {FilesJson.MediaTypeOf(file.Name)}\r\n\r\n");

    private static ReadOnlyMemory<byte> Facts(IReadOnlyList<RunFile> files)
    {
        var json = new ArrayBufferWriter<byte>(256);
        for (var at = 0; at < files.Count; at++)
        {
            json.Write(at == 0 ? ",\"files\":["u8 : ","u8);
            FilesJson.WriteFacts(json, files[at]);
            json.Write(at == files.Count - 1 ? "}]"u8 : "}"u8);
        }

        return json.WrittenMemory;
    }
}
