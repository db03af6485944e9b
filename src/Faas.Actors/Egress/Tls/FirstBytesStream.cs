using System.Net.Sockets;

namespace Faas.Actors.Egress.Tls;

/// <summary>A socket of which some bytes have been read already. They come first.</summary>
/// <param name="socket">The socket, which belongs to the caller.</param>
/// <param name="first">The bytes.</param>
internal sealed class FirstBytesStream(Socket socket, ReadOnlyMemory<byte> first) : NetworkStream(socket, ownsSocket: false)
{
    private ReadOnlyMemory<byte> _first = first;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _first.IsEmpty ? base.ReadAsync(buffer, cancellationToken) : new ValueTask<int>(Take(buffer.Span));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _first.IsEmpty ? base.Read(buffer) : Take(buffer);

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _first.Length);
        _first.Span[..count].CopyTo(buffer);
        _first = _first[count..];
        return count;
    }
}
