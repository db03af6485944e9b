using System.Globalization;

namespace Faas.Actors.Egress.Http;

/// <summary>
/// Follows the replies of a host in a tunnel of which the proxy ends TLS: which requests have theirs, and whether the host has agreed to a
/// WebSocket.
/// </summary>
/// <remarks>
/// Theory of operation. The replies pass as they come, and this reads along, in any pieces. It knows what was asked for, since the end of a
/// reply depends on it (RFC 9112, section 6.3). Hosts are read less strictly than scripts: chunk extensions and trailers are skipped. A
/// reply that cannot be followed, or that nothing has asked for, changes nothing for the client, but no WebSocket is believed in after it.
/// Safe from any thread.
/// </remarks>
/// <param name="most">The most bytes of a reply's head.</param>
internal sealed class RepliesOfHost(int most)
{
    private const int MostDigits = 15;

    private readonly Lock _gate = new();
    private Queue<(bool IsHead, TaskCompletionSource<bool>? Switch)> _asked = new();
    private readonly List<byte> _head = [];
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private State _state = State.Head;
    private bool _isAwaited;
    private long _left; // bytes of the body or of the chunk
    private int _digits; // of the chunk's size
    private int _line; // characters of the trailer's line

    private enum State
    {
        Head,
        Plain,
        UntilEnd,
        Size,
        Extension,
        Data,
        DataEnd,
        Trailer,
        Over,
    }

    /// <summary>A request goes to the host.</summary>
    /// <param name="isHead">Whether its reply has no body.</param>
    public void Expect(bool isHead)
    {
        lock (_gate)
        {
            if (_state != State.Over)
            {
                _asked.Enqueue((isHead, null));
            }
        }
    }

    /// <summary>The last request is refused before it is whole, so no reply is awaited any more, unless it has begun.</summary>
    public void TakeBack()
    {
        lock (_gate)
        {
            if (_asked.Count > 1 || (_asked.Count == 1 && _state == State.Head && _head.Count == 0))
            {
                _asked = new(_asked.Take(_asked.Count - 1));
            }
        }
    }

    /// <summary>A request for a WebSocket goes to the host.</summary>
    /// <returns>Whether the host has agreed, once its reply is there.</returns>
    public Task<bool> ExpectSwitch()
    {
        lock (_gate)
        {
            if (_state == State.Over)
            {
                return Task.FromResult(false);
            }

            var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Enqueue((false, answer));
            return answer.Task;
        }
    }

    /// <summary>Ends when each request has its reply, and never where a reply cannot be followed. No request may come after it.</summary>
    public Task WhenAnsweredAsync()
    {
        lock (_gate)
        {
            _isAwaited = true;
            TellIfAnswered();
            return _answered.Task;
        }
    }

    /// <summary>Bytes of the host have reached the client.</summary>
    public void Passed(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            for (var at = 0; at < bytes.Length && _state is not (State.Over or State.UntilEnd);)
            {
                if (_state is State.Plain or State.Data)
                {
                    var count = (int)Math.Min(_left, bytes.Length - at);
                    (_left, at) = (_left - count, at + count);
                    if (_left == 0)
                    {
                        Ended();
                    }
                }
                else
                {
                    Take(bytes[at++]);
                }
            }
        }
    }

    /// <summary>The host sends no more.</summary>
    public void End()
    {
        lock (_gate)
        {
            Lose();
        }
    }

    private void Ended()
    {
        if (_state == State.Data)
        {
            _state = State.DataEnd;
        }
        else
        {
            Answered(hasSwitched: false);
        }
    }

    private void Take(byte next)
    {
        switch (_state)
        {
            case State.Head:
                _head.Add(next);
                TakeHead();
                break;
            case State.Size when char.IsAsciiHexDigit((char)next) && _digits < MostDigits:
                _left = (_left << 4) | Convert.ToUInt32(char.IsAsciiDigit((char)next) ? next - '0' : (next | 0x20) - 'a' + 10);
                _digits++;
                break;
            case State.Size when _digits is 0 or MostDigits:
                Lose();
                break;
            case State.Size or State.Extension:
                (_state, _line) = next != '\n' ? (State.Extension, 0) : _left > 0 ? (State.Data, 0) : (State.Trailer, 0);
                break;
            case State.DataEnd when next == '\n':
                BeginChunk();
                break;
            case State.Trailer when next == '\n' && _line == 0:
                Answered(hasSwitched: false);
                break;
            case State.Trailer:
                _line = next == '\n' ? 0 : next == '\r' ? _line : 1;
                break;
        }
    }

    private void TakeHead()
    {
        if (_head.Count > most)
        {
            Lose();
            return;
        }

        if (_head.Count < HeaderLines.End.Length || !EndsHead())
        {
            return;
        }

        var isRead = ReplyHead.TryParse(_head.ToArray(), out var reply, out _);
        _head.Clear();
        if (!isRead || !_asked.TryPeek(out var request))
        {
            Lose();
            return;
        }

        if (reply!.IsSwitch)
        {
            if (request.Switch is null)
            {
                Lose();
                return;
            }

            Answered(hasSwitched: true);
            _state = State.Over;
        }
        else if (!reply.IsInterim)
        {
            BeginBody(reply, request.IsHead);
        }
    }

    private bool EndsHead() =>
        _head[^1] == '\n' && _head[^2] == '\r' && _head[^3] == '\n' && _head[^4] == '\r';

    private void BeginBody(ReplyHead reply, bool isHead)
    {
        var (codings, lengths) = (reply.Fields.ListOf("Transfer-Encoding"), reply.Fields.ValuesOf("Content-Length"));
        if (isHead || reply.Status is 204 or 304)
        {
            Answered(hasSwitched: false);
        }
        else if (codings is [.., var last])
        {
            if (last.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            {
                BeginChunk();
            }
            else
            {
                _state = State.UntilEnd;
            }
        }
        else if (lengths.Length == 0)
        {
            _state = State.UntilEnd;
        }
        else if (lengths.Length == 1 && long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out _left))
        {
            _state = State.Plain;
            if (_left == 0)
            {
                Ended();
            }
        }
        else
        {
            Lose();
        }
    }

    private void BeginChunk() => (_state, _left, _digits) = (State.Size, 0, 0);

    private void Answered(bool hasSwitched)
    {
        _state = State.Head;
        _asked.Dequeue().Switch?.SetResult(hasSwitched);
        TellIfAnswered();
    }

    private void TellIfAnswered()
    {
        if (_isAwaited && _asked.Count == 0 && _state == State.Head && _head.Count == 0)
        {
            _answered.TrySetResult();
        }
    }

    private void Lose()
    {
        _state = State.Over;
        while (_asked.TryDequeue(out var request))
        {
            request.Switch?.SetResult(false);
        }
    }
}
