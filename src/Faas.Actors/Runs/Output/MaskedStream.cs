using System.Buffers;

namespace Faas.Actors.Runs.Output;

/// <summary>
/// One output stream with the values of secrets replaced, also a value that is written in several pieces: the end of what has come is held
/// back for as long as it may be the beginning of a value.
/// </summary>
/// <param name="mask">What is replaced.</param>
public sealed class MaskedStream(OutputMask mask)
{
    private byte[] _held = [];

    /// <summary>What may be shown now that these bytes have come.</summary>
    public ReadOnlyMemory<byte> Append(ReadOnlyMemory<byte> bytes) => Take([.. _held, .. bytes.Span], isEnd: false);

    /// <summary>What was held back; no more bytes come, or those that come begin anew.</summary>
    public ReadOnlyMemory<byte> End() => _held.Length == 0 ? default : Take(_held, isEnd: true);

    private ReadOnlyMemory<byte> Take(byte[] text, bool isEnd)
    {
        var masked = new ArrayBufferWriter<byte>(Math.Max(1, text.Length));
        _held = text[mask.Take(text, isEnd, masked)..];
        return masked.WrittenMemory;
    }
}
