using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Faas.Actors.Runs;
using Microsoft.AspNetCore.StaticFiles;

namespace Faas.Http.Wire;

/// <summary>
/// The files that a run has given back, on the wire: <c>"files":[{"name":"a.png","size":3,"mediaType":"image/png","base64":"…"}]</c>. They
/// are encoded while they are written, so that memory holds them once.
/// </summary>
public sealed class FilesJson
{
    private const int Piece = 48 << 10; // a multiple of 3, so that only the last piece has padding
    private static readonly FileExtensionContentTypeProvider s_types = new();

    private readonly IReadOnlyList<RunFile> _files;
    private readonly List<byte[]> _heads;

    /// <summary>Of these files, of which there may be none.</summary>
    public FilesJson(IReadOnlyList<RunFile> files)
    {
        _files = files;
        _heads = [.. files.Select((file, at) => Head(file, at == 0))];
    }

    /// <summary>The bytes that the member has.</summary>
    public long Length => _files.Count == 0 ? 0 : _heads.Sum(head => (long)head.Length) + _files.Sum(EncodedLength) + End.Length;

    private static ReadOnlySpan<byte> EndOfFile => "\"}"u8;

    private static ReadOnlySpan<byte> End => "]"u8;

    /// <summary>The media type that the ending of a file's name says; of no known one: any bytes.</summary>
    public static string MediaTypeOf(string name) =>
        s_types.TryGetContentType(name, out var type) ? type : "application/octet-stream";

    /// <summary>
    /// Writes the member, after a comma, into an object that is being written by hand; nothing where there are no files. Each piece is sent
    /// before the next one is written.
    /// </summary>
    /// <param name="output">Where it is written.</param>
    /// <param name="send">Sends what was written, and waits for the client; false: the client is gone.</param>
    /// <returns>False: the client is gone, and the member is not complete.</returns>
    public async ValueTask<bool> WriteMemberAsync(IBufferWriter<byte> output, Func<ValueTask<bool>> send)
    {
        for (var at = 0; at < _files.Count; at++)
        {
            output.Write(_heads[at]);
            for (var rest = _files[at].Content; !rest.IsEmpty; rest = rest.Slice(Math.Min(rest.Length, Piece)))
            {
                WritePiece(output, rest.Slice(0, Math.Min(rest.Length, Piece)));
                if (!await send())
                {
                    return false;
                }
            }

            output.Write(EndOfFile);
        }

        if (_files.Count > 0)
        {
            output.Write(End);
        }

        return true;
    }

    private static void WritePiece(IBufferWriter<byte> output, ReadOnlySequence<byte> piece)
    {
        var length = (int)piece.Length;
        var text = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(length));
        piece.CopyTo(text);
        Base64.EncodeToUtf8InPlace(text, length, out var written);
        output.Advance(written);
    }

    private static long EncodedLength(RunFile file) => ((file.Content.Length + 2) / 3 * 4) + EndOfFile.Length;

    private static byte[] Head(RunFile file, bool isFirst)
    {
        var head = new ArrayBufferWriter<byte>(128);
        head.Write(isFirst ? ",\"files\":["u8 : ","u8);
        WriteFacts(head, file);
        head.Write(",\"base64\":\""u8);
        return head.WrittenSpan.ToArray();
    }

    /// <summary>Begins the object of a file with all that is said of it beside its content.</summary>
    public static void WriteFacts(IBufferWriter<byte> output, RunFile file)
    {
        output.Write("{\"name\":"u8);
        JsonText.WriteString(output, Encoding.UTF8.GetBytes(file.Name));
        output.Write(Encoding.ASCII.GetBytes($",\"size\":{file.Content.Length},\"mediaType\":"));
        JsonText.WriteString(output, Encoding.ASCII.GetBytes(MediaTypeOf(file.Name)));
    }
}
