using System.Buffers;
using System.Buffers.Text;

namespace Faas.Http.Wire.Events;

/// <summary>
/// The frame of one server-sent event (WHATWG HTML, "Server-sent events"): <c>id: 3</c>, <c>data: {...}</c>, an empty line. The caller
/// writes
/// the data, on one line.
/// </summary>
public static class EventFrames
{
    /// <summary>Begins an event whose id is a number.</summary>
    public static void Begin(IBufferWriter<byte> output, long id)
    {
        output.Write("id: "u8);
        Utf8Formatter.TryFormat(id, output.GetSpan(20), out var written);
        output.Advance(written);
        output.Write("\ndata: "u8);
    }

    /// <summary>Begins an event.</summary>
    /// <param name="output">Where it is written.</param>
    /// <param name="id">Its id; empty: it has none.</param>
    public static void Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> id)
    {
        if (!id.IsEmpty)
        {
            output.Write("id: "u8);
            output.Write(id);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
    }

    /// <summary>Begins an event that has a name and no id.</summary>
    public static void BeginNamed(IBufferWriter<byte> output, ReadOnlySpan<byte> name)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\ndata: "u8);
    }

    /// <summary>Ends an event.</summary>
    public static void End(IBufferWriter<byte> output) => output.Write("\n\n"u8);

    /// <summary>A comment, which clients ignore and idle connections need.</summary>
    public static void Ping(IBufferWriter<byte> output) => output.Write(": ping\n\n"u8);
}
