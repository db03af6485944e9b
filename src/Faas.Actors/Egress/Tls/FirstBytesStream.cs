using System.Net.Sockets;

namespace Faas.Actors.Egress.Tls;

/// <summary>A socket of which some bytes may have been read already. They come first.</summary>
/// <remarks>
/// Theory of operation. One thread waits for all sockets of the server. When bytes have come, it runs the code behind the read itself. A
/// handshake signs and verifies certificates, which takes too long for that thread. So until the handshake is over, the code behind each
/// read runs in the thread pool.
/// </remarks>
/// <param name="socket">The socket, which belongs to the caller.</param>
/// <param name="first">The bytes.</param>
internal sealed class FirstBytesStream(Socket socket, ReadOnlyMemory<byte> first = default) : NetworkStream(socket, ownsSocket: false)
{
    private ReadOnlyMemory<byte> _first = first;
    private volatile bool _isOpen;

    /// <summary>The handshake is over.</summary>
    public void Opened() => _isOpen = true;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        !_first.IsEmpty ? new ValueTask<int>(Take(buffer.Span))
        : _isOpen ? base.ReadAsync(buffer, cancellationToken)
        : InPoolAsync(base.ReadAsync(buffer, cancellationToken));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _first.IsEmpty ? base.Read(buffer) : Take(buffer);

    private static async ValueTask<int> InPoolAsync(ValueTask<int> reading)
    {
        var count = await reading;
        await Task.Yield();
        return count;
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _first.Length);
        _first.Span[..count].CopyTo(buffer);
        _first = _first[count..];
        return count;
    }
}
