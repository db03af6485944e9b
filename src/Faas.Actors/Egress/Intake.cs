using System.Net.Sockets;
using Faas.Actors.Egress.Http;

namespace Faas.Actors.Egress;

/// <summary>
/// Reads the head of a message from a peer, and keeps what came behind it. The buffer bounds the head, and belongs to the caller.
/// </summary>
/// <param name="receive">Reads from the peer; 0: it sends no more.</param>
/// <param name="buffer">The buffer.</param>
internal sealed class Intake(Func<Memory<byte>, ValueTask<int>> receive, byte[] buffer)
{
    private int _from;
    private int _to;

    /// <summary>Reads from a socket.</summary>
    public Intake(Socket socket, byte[] buffer)
        : this(bytes => socket.ReceiveAsync(bytes), buffer)
    {
    }

    /// <summary>What has come and was not taken.</summary>
    public Memory<byte> Rest => buffer.AsMemory(_from, _to - _from);

    /// <summary>Reads more. It must have room for that.</summary>
    /// <returns>How many bytes; 0: the peer sends no more.</returns>
    public async ValueTask<int> ReadAsync()
    {
        if (_from > 0)
        {
            Rest.CopyTo(buffer);
            (_from, _to) = (0, _to - _from);
        }

        var count = await receive(buffer.AsMemory(_to));
        _to += count;
        return count;
    }

    /// <summary>Reads until a whole head is there, which is <see cref="Rest"/>'s begin.</summary>
    /// <param name="most">The most bytes of the head, at most the buffer's length.</param>
    /// <param name="canBegin">Whether the first bytes can be a head's.</param>
    /// <returns>Its length; 0: the peer has ended, or the bytes are no head; more than <paramref name="most"/>: it is too long.</returns>
    public async ValueTask<int> ReadHeadAsync(int most, Func<ReadOnlyMemory<byte>, bool> canBegin)
    {
        var searched = 0;
        while (true)
        {
            var found = Rest.Span[searched..].IndexOf(HeaderLines.End);
            if (found >= 0)
            {
                return searched + found + HeaderLines.End.Length;
            }

            searched = Math.Max(0, Rest.Length - HeaderLines.End.Length + 1);
            if (Rest.Length >= most)
            {
                return most + 1;
            }

            if (!canBegin(Rest) || await ReadAsync() == 0)
            {
                return 0;
            }
        }
    }

    /// <summary>Takes bytes from the begin of <see cref="Rest"/>.</summary>
    public void Take(int count) => _from += count;

    /// <summary>Takes all of <see cref="Rest"/>.</summary>
    public void TakeAll() => _from = _to;
}
