using System.Buffers;
using System.Numerics;

namespace Faas.Http.Json;

/// <summary>
/// Says whether bytes are one JSON value (RFC 8259) without building it and without throwing: most printed lines are
/// no JSON, and an exception for each would cost more than running the script. Nesting is counted, never recursed.
/// The bytes must be valid UTF-8 already.
/// </summary>
public static class JsonSyntax
{
    /// <summary>Deepest nesting that can be told.</summary>
    public const int MaxDepth = 512;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>Whether the bytes are exactly one value with nothing but whitespace around it, nested at most so deep (up to <see cref="MaxDepth"/>).</summary>
    public static bool IsValue(ReadOnlySpan<byte> json, int maxDepth) => FirstError(json, maxDepth) < 0;

    private static int FirstError(ReadOnlySpan<byte> json, int maxDepth)
    {
        Span<uint> objects = stackalloc uint[MaxDepth / 32];
        var depth = 0;
        var at = SkipSpace(json, 0);
        while (true)
        {
            // A value begins here.
            if (at >= json.Length)
            {
                return json.Length;
            }

            switch (json[at])
            {
                case (byte)'{':
                case (byte)'[':
                    if (depth == maxDepth)
                    {
                        return at;
                    }

                    var isObject = json[at] == '{';
                    Mark(objects, depth++, isObject);
                    at = SkipSpace(json, at + 1);
                    if (at < json.Length && json[at] == (isObject ? '}' : ']'))
                    {
                        depth--;
                        at++;
                        break;
                    }

                    if (isObject && !TryName(json, ref at))
                    {
                        return at;
                    }

                    continue;
                case (byte)'"':
                    if (!TryString(json, ref at))
                    {
                        return at;
                    }

                    break;
                case (byte)'t' when json[at..].StartsWith("true"u8):
                case (byte)'n' when json[at..].StartsWith("null"u8):
                    at += 4;
                    break;
                case (byte)'f' when json[at..].StartsWith("false"u8):
                    at += 5;
                    break;
                default:
                    if (!TryNumber(json, ref at))
                    {
                        return at;
                    }

                    break;
            }

            // A value has ended: close what it closes, until another one must follow.
            while (true)
            {
                at = SkipSpace(json, at);
                if (depth == 0)
                {
                    return at == json.Length ? -1 : at;
                }

                if (at == json.Length)
                {
                    return at;
                }

                var inObject = IsMarked(objects, depth - 1);
                if (json[at] == ',')
                {
                    at = SkipSpace(json, at + 1);
                    if (inObject && !TryName(json, ref at))
                    {
                        return at;
                    }

                    break;
                }

                if (json[at] != (inObject ? '}' : ']'))
                {
                    return at;
                }

                depth--;
                at++;
            }
        }
    }

    private static void Mark(Span<uint> bits, int index, bool value)
    {
        var bit = 1u << (index & 31);
        bits[index >> 5] = value ? bits[index >> 5] | bit : bits[index >> 5] & ~bit;
    }

    private static bool IsMarked(Span<uint> bits, int index) => (bits[index >> 5] & BitOperations.RotateLeft(1u, index)) != 0;

    private static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    private static bool TryName(ReadOnlySpan<byte> json, ref int at)
    {
        if (at >= json.Length || json[at] != '"' || !TryString(json, ref at))
        {
            return false;
        }

        at = SkipSpace(json, at);
        if (at >= json.Length || json[at] != ':')
        {
            return false;
        }

        at = SkipSpace(json, at + 1);
        return true;
    }

    private static bool TryString(ReadOnlySpan<byte> json, ref int at)
    {
        at++;
        while (true)
        {
            var stop = json[at..].IndexOfAny(StringStops);
            if (stop < 0)
            {
                at = json.Length;
                return false;
            }

            at += stop;
            if (json[at] == '"')
            {
                at++;
                return true;
            }

            if (json[at] != '\\' || !TryEscape(json, ref at))
            {
                return false;
            }
        }
    }

    private static bool TryEscape(ReadOnlySpan<byte> json, ref int at)
    {
        at++;
        if (at >= json.Length)
        {
            return false;
        }

        if (json[at] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(json[at++]);
        }

        at++;
        for (var end = at + 4; at < end; at++)
        {
            if (at >= json.Length || !char.IsAsciiHexDigit((char)json[at]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> json, ref int at)
    {
        if (json[at] == '-')
        {
            at++;
        }

        if (at < json.Length && json[at] == '0')
        {
            at++;
        }
        else if (!TryDigits(json, ref at))
        {
            return false;
        }

        if (at < json.Length && json[at] == '.')
        {
            at++;
            if (!TryDigits(json, ref at))
            {
                return false;
            }
        }

        if (at < json.Length && json[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < json.Length && json[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            return TryDigits(json, ref at);
        }

        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> json, ref int at)
    {
        var start = at;
        while (at < json.Length && char.IsAsciiDigit((char)json[at]))
        {
            at++;
        }

        return at > start;
    }
}
