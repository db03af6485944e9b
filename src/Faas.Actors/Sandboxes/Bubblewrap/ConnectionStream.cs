using System.Net.Sockets;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// One direction of a child's connection, with the manners of a pipe: to close the input tells the child the end and leaves the other
/// direction open; and a child that dies before it has read everything ends what it sends, in place of a reset.
/// </summary>
internal sealed class ConnectionStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
{
    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }

    /// <summary>The server sends nothing more. Called by the writer of the child's input when that is complete.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Socket.Connected)
        {
            try
            {
                Socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The child is dead, so there is no direction left to close.
            }
        }

        base.Dispose(disposing);
    }
}
