using System.Globalization;
using System.Text;

namespace Faas.Bench.Http;

/// <summary>
/// Reads HTTP/1.1 responses, one after the other, off a stream: as much of RFC 9112 as servers use that answer a POST
/// on a kept connection (a Content-Length or chunks). Nothing is allocated for a response but what its body keeps.
/// </summary>
internal sealed class ResponseReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    /// <summary>Reads one whole response; returns its status. Throws <see cref="IOException"/> when it breaks off or is none.</summary>
    public int Read(Body body)
    {
        body.Begin();
        var status = StatusOf(Line());
        long? length = null;
        var chunked = false;
        for (var line = Line(); !line.IsEmpty; line = Line())
        {
            if (Value(line, "content-length:"u8) is { IsEmpty: false } digits)
            {
                length = Number(digits, NumberStyles.None);
            }

            chunked |= Value(line, "transfer-encoding:"u8).SequenceEqual("chunked"u8);
        }

        if (chunked)
        {
            Chunks(body);
        }
        else
        {
            Pass(body, length ?? throw new IOException("The response has neither a length nor chunks."));
        }

        return status;
    }

    private static int StatusOf(ReadOnlySpan<byte> line) => line.StartsWith("HTTP/1.1 "u8) && line.Length >= 12
        ? (int)Number(line[9..12], NumberStyles.None)
        : throw new IOException($"Not a response: {Encoding.Latin1.GetString(line)}");

    // The value of a header whose lower-case name, colon included, is given; empty when it is another.
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..].Trim(" \t"u8) : default;

    private static long Number(ReadOnlySpan<byte> text, NumberStyles style) =>
        long.TryParse(text, style, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new IOException($"Not a number: {Encoding.Latin1.GetString(text)}");

    private void Chunks(Body body)
    {
        for (long size; (size = Number(Line(), NumberStyles.AllowHexSpecifier)) > 0;)
        {
            Pass(body, size);
            Line();
        }

        Line();
    }

    private void Pass(Body body, long length)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, 0);
                Fill();
            }

            var take = (int)Math.Min(length, _end - _start);
            body.Take(_buffer.AsSpan(_start, take));
            _start += take;
            length -= take;
        }
    }

    // A line without its end; valid until the next one is read.
    private ReadOnlySpan<byte> Line()
    {
        int at;
        while ((at = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            Fill();
        }

        var line = _buffer.AsSpan(_start, at);
        _start += at + 2;
        return line;
    }

    private void Fill()
    {
        var count = _end < _buffer.Length
            ? stream.Read(_buffer, _end, _buffer.Length - _end)
            : throw new IOException("A line of the response is too long.");
        _end += count > 0 ? count : throw new IOException("The server closed the connection.");
    }
}
