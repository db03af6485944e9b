using System.Buffers.Binary;

namespace Faas.Actors.Scripts.Trees;

/// <summary>
/// The bytes of a tar, whose headers are checked before the reader has them.
/// <para>
/// Theory of operation. A tar is a sequence of blocks of 512 bytes (POSIX.1-2017, pax, "ustar Interchange Format"): the header of an entry,
/// its content, and zeros up to the next block. <see cref="System.Formats.Tar.TarReader"/> takes memory for the whole content of an entry
/// that describes others (long names, extended attributes) as soon as it has the header, whatever size this says. So such an entry is
/// refused here if its size is above <see cref="MaxDescription"/>. What is a header here must be one there, so what could move the two
/// apart is refused, too: a folder with content, and an extended attribute that gives another size than the header.
/// </para>
/// </summary>
/// <param name="inner">The tar. It belongs to its maker, and is not disposed of.</param>
internal sealed class TarHeaderStream(Stream inner) : WatchedStream(inner)
{
    /// <summary>The most bytes in an entry that describes others.</summary>
    public const int MaxDescription = 64 << 10;

    private const int Block = 512, SizeAt = 124, SizeLength = 12, TypeAt = 156;
    private const byte Base256 = 0x80;

    private readonly byte[] _header = new byte[Block];
    private readonly MemoryStream _attributes = new();
    private int _ofHeader;
    private long _content, _padding;
    private bool _hasAttributes;

    private static ReadOnlySpan<byte> Folder => "5"u8;

    // Of POSIX: extended attributes of one entry, and of all; of GNU: a long name, and a long link.
    private static ReadOnlySpan<byte> Descriptions => "xgLK"u8;

    private static ReadOnlySpan<byte> Attributes => "xg"u8;

    protected override void Watch(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[(_content > 0 ? InContent(bytes) : _padding > 0 ? Pass(ref _padding, bytes) : InHeader(bytes))..];
        }
    }

    private int InHeader(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Block - _ofHeader);
        bytes[..count].CopyTo(_header.AsSpan(_ofHeader));
        _ofHeader = (_ofHeader + count) % Block;
        if (_ofHeader == 0)
        {
            Begin(SizeOf(_header.AsSpan(SizeAt, SizeLength)), _header[TypeAt]);
        }

        return count;
    }

    private void Begin(long size, byte type)
    {
        if (Descriptions.Contains(type) && size > MaxDescription)
        {
            throw new PackedTreeException(
                $"It has an entry of type {(char)type} with {size} bytes, which describes another entry; allowed are {MaxDescription}.");
        }

        if (Folder.Contains(type) && size > 0)
        {
            throw new PackedTreeException($"It is damaged: a folder has {size} bytes of content.");
        }

        (_content, _padding, _hasAttributes) = (size, (Block - (size % Block)) % Block, Attributes.Contains(type));
    }

    private int InContent(ReadOnlySpan<byte> bytes)
    {
        var count = Pass(ref _content, bytes);
        if (_hasAttributes)
        {
            _attributes.Write(bytes[..count]);
            if (_content == 0)
            {
                CheckAttributes(_attributes.GetBuffer().AsSpan(0, (int)_attributes.Length));
                _attributes.SetLength(0);
            }
        }

        return count;
    }

    // Each is a line: its length, a space, the name, an equals sign, the value.
    private static void CheckAttributes(ReadOnlySpan<byte> lines)
    {
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range];
            if (line[(line.IndexOf((byte)' ') + 1)..].StartsWith("size="u8))
            {
                throw new PackedTreeException("It has an extended attribute \"size\"; sizes are taken from headers alone.");
            }
        }
    }

    private static int Pass(ref long left, ReadOnlySpan<byte> bytes)
    {
        var count = (int)Math.Min(bytes.Length, left);
        left -= count;
        return count;
    }

    // Octal digits, or of GNU a number of 12 bytes, in whose first byte the highest bit is set.
    private static long SizeOf(ReadOnlySpan<byte> field)
    {
        if (field[0] >= Base256)
        {
            var size = BinaryPrimitives.ReadInt64BigEndian(field[4..]);
            return field[0] == Base256 && size >= 0 && size <= long.MaxValue - Block && !field[1..4].ContainsAnyExcept((byte)0)
                ? size
                : throw new PackedTreeException("It is damaged: the size of an entry is no length.");
        }

        var octal = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            octal = digit is >= (byte)'0' and <= (byte)'7'
                ? (octal * 8) + digit - '0'
                : throw new PackedTreeException("It is damaged: the size of an entry is no octal number.");
        }

        return octal;
    }
}
