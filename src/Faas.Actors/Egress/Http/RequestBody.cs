namespace Faas.Actors.Egress.Http;

/// <summary>
/// Finds the end of a request's body in the bytes of a connection, so that no byte behind it reaches the host.
/// </summary>
/// <remarks>
/// Theory of operation. A body with a length ends after it. A chunked one (RFC 9112, section 7.1) is followed byte by byte through its
/// sizes, and chunk by chunk through its data. Chunk extensions and trailers are refused: nothing needs them, and parsers disagree about
/// them. Since one spelling alone is accepted, the bytes can be passed on as they came.
/// </remarks>
/// <param name="framing">Where the body ends.</param>
internal struct RequestBody(BodyFraming framing)
{
    private const int MostDigits = 15;

    private long _left = framing.Length; // bytes of the body, or of the chunk
    private State _state = framing.IsChunked ? State.FirstDigit : framing.Length > 0 ? State.Plain : State.Ended;
    private int _digits;

    private enum State
    {
        Plain,
        FirstDigit,
        Digits,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        LastReturn,
        LastEnd,
        Ended,
        Wrong,
    }

    /// <summary>The body is over.</summary>
    public readonly bool IsOver => _state == State.Ended;

    /// <summary>The bytes are not chunks. Nothing more is taken.</summary>
    public readonly bool IsWrong => _state == State.Wrong;

    /// <summary>Takes the bytes that came next.</summary>
    /// <returns>How many of them, from the first on, belong to the body.</returns>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && _state is not (State.Ended or State.Wrong))
        {
            if (_state is State.Plain or State.Data)
            {
                var count = (int)Math.Min(_left, bytes.Length - at);
                (_left, at) = (_left - count, at + count);
                _state = _left > 0 ? _state : _state == State.Plain ? State.Ended : State.DataReturn;
            }
            else
            {
                _state = After(bytes[at]);
                at += _state == State.Wrong ? 0 : 1;
            }
        }

        return at;
    }

    private State After(byte next) => (_state, next) switch
    {
        (State.FirstDigit or State.Digits, _) when char.IsAsciiHexDigit((char)next) => Digit(next),
        (State.Digits, (byte)'\r') => State.SizeEnd,
        (State.SizeEnd, (byte)'\n') => _left > 0 ? State.Data : State.LastReturn,
        (State.DataReturn, (byte)'\r') => State.DataEnd,
        (State.DataEnd, (byte)'\n') => State.FirstDigit,
        (State.LastReturn, (byte)'\r') => State.LastEnd,
        (State.LastEnd, (byte)'\n') => State.Ended,
        _ => State.Wrong,
    };

    private State Digit(byte next)
    {
        (_left, _digits) = _state == State.FirstDigit ? (0, 0) : (_left, _digits);
        _left = (_left << 4) | Convert.ToUInt32(char.IsAsciiDigit((char)next) ? next - '0' : (next | 0x20) - 'a' + 10);
        return ++_digits > MostDigits ? State.Wrong : State.Digits;
    }
}
