using System.Collections;

namespace Faas.Actors.Json;

// Theory of operation. The platform's reader throws an exception for bad JSON, which takes some 10 µs, and a script can print millions
// of lines that are nearly JSON. This scanner returns false instead. It does not recurse, and it keeps one bit for each level of
// nesting. It accepts RFC 8259 and nothing else: no comments, no trailing commas, no NaN. The caller checks that the bytes are UTF-8.

/// <summary>Tells whether bytes are exactly one JSON value (RFC 8259), without throwing.</summary>
public ref struct JsonScan
{
    private readonly ReadOnlySpan<byte> _text;
    private int _at;

    private JsonScan(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>True: the text is one value, perhaps with white space around it.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="maxDepth">The most levels of arrays and objects within each other.</param>
    /// <param name="first">The first byte of the value, which tells its type.</param>
    public static bool IsValue(ReadOnlySpan<byte> text, int maxDepth, out byte first)
    {
        var scan = new JsonScan(text);
        scan.SkipSpace();
        first = scan.Peek();
        return scan.Values(maxDepth) && scan._at == text.Length;
    }

    private bool Values(int maxDepth)
    {
        BitArray? isObject = null;
        var depth = 0;
        while (true)
        {
            // The next thing must be a value; inside an object, a name and a value.
            if (depth > 0 && isObject![depth - 1] && !Name())
            {
                return false;
            }

            if (Peek() is (byte)'{' or (byte)'[' && depth < maxDepth)
            {
                var opensObject = Peek() == (byte)'{';
                _at++;
                SkipSpace();
                if (!Skip(opensObject ? (byte)'}' : (byte)']'))
                {
                    isObject ??= new BitArray(64);
                    isObject.Length = depth < isObject.Length ? isObject.Length : 2 * depth;
                    isObject[depth++] = opensObject;
                    continue;
                }
            }
            else if (!Scalar())
            {
                return false;
            }

            // A value has ended. Close the arrays and objects that end with it. Then a comma must follow, or the text is at its end.
            SkipSpace();
            while (depth > 0 && Skip(isObject![depth - 1] ? (byte)'}' : (byte)']'))
            {
                depth--;
                SkipSpace();
            }

            if (depth == 0)
            {
                return true;
            }

            if (!Skip((byte)','))
            {
                return false;
            }

            SkipSpace();
        }
    }

    private bool Name()
    {
        if (!Text())
        {
            return false;
        }

        SkipSpace();
        var colon = Skip((byte)':');
        SkipSpace();
        return colon;
    }

    private bool Scalar() => Peek() switch
    {
        (byte)'"' => Text(),
        (byte)'t' => Word("true"u8),
        (byte)'f' => Word("false"u8),
        (byte)'n' => Word("null"u8),
        _ => Number(),
    };

    private bool Text()
    {
        if (!Skip((byte)'"'))
        {
            return false;
        }

        while (_at < _text.Length)
        {
            var next = _text[_at++];
            if (next == (byte)'"')
            {
                return true;
            }

            if (next < 0x20 || (next == (byte)'\\' && !Escape()))
            {
                return false;
            }
        }

        return false;
    }

    private bool Escape()
    {
        var kind = Peek();
        _at++;
        return kind == (byte)'u'
            ? HexDigit() && HexDigit() && HexDigit() && HexDigit()
            : kind is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t';
    }

    private bool HexDigit()
    {
        var digit = char.IsAsciiHexDigit((char)Peek());
        _at++;
        return digit;
    }

    private bool Number()
    {
        Skip((byte)'-');
        if (!Skip((byte)'0') && !Digits())
        {
            return false;
        }

        if (Skip((byte)'.') && !Digits())
        {
            return false;
        }

        if (Peek() is (byte)'e' or (byte)'E')
        {
            _at++;
            _ = Skip((byte)'+') || Skip((byte)'-');
            return Digits();
        }

        return true;
    }

    private bool Digits()
    {
        var start = _at;
        while (char.IsAsciiDigit((char)Peek()))
        {
            _at++;
        }

        return _at > start;
    }

    private bool Word(ReadOnlySpan<byte> word)
    {
        var found = _text[_at..].StartsWith(word);
        _at += word.Length;
        return found;
    }

    private void SkipSpace()
    {
        while (Peek() is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _at++;
        }
    }

    private bool Skip(byte expected)
    {
        var found = Peek() == expected;
        _at += found ? 1 : 0;
        return found;
    }

    // Returns 0 at the end of the text. No JSON token begins with 0, and Text() tests for the end itself.
    private readonly byte Peek() => _at < _text.Length ? _text[_at] : (byte)0;
}
