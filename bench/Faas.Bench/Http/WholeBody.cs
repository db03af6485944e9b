using System.Buffers;

namespace Faas.Bench.Http;

/// <summary>Keeps a body.</summary>
internal sealed class WholeBody : IBody
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>All that came since the response began.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <inheritdoc/>
    public void Begin() => _bytes.ResetWrittenCount();

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);
}
