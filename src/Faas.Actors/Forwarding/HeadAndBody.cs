using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Faas.Actors.Runs;

namespace Faas.Actors.Forwarding;

/// <summary>
/// A small JSON object, and bytes after it: four bytes with the length of the JSON (little-endian), the JSON, the bytes. So the bytes,
/// which may be many, are never in JSON.
/// </summary>
internal static class HeadAndBody
{
    private const int LengthBytes = 4;

    /// <summary>Writes them.</summary>
    public static ReadOnlySequence<byte> Write<T>(T head, JsonTypeInfo<T> type, ReadOnlyMemory<byte> first, IReadOnlyList<RunFile> files)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(head, type);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        var all = new ByteSegments();
        all.Append(length);
        all.Append(json);
        all.Append(first.Span);
        foreach (var file in files)
        {
            all.Append(file.Content);
        }

        return all.ToSequence();
    }

    /// <summary>Reads them. Throws <see cref="FormatException"/> and <see cref="JsonException"/>.</summary>
    public static (T Head, ReadOnlySequence<byte> Body) Read<T>(ReadOnlySequence<byte> bytes, JsonTypeInfo<T> type)
    {
        var reader = new SequenceReader<byte>(bytes);
        if (!reader.TryReadLittleEndian(out int length) || length < 0 || length > reader.Remaining)
        {
            throw new FormatException($"A message of {bytes.Length} bytes between nodes has no head.");
        }

        var json = new Utf8JsonReader(reader.UnreadSequence.Slice(0, length));
        var head = JsonSerializer.Deserialize(ref json, type) ?? throw new FormatException("The head of a message between nodes is null.");
        return (head, reader.UnreadSequence.Slice(length));
    }

    /// <summary>The names and lengths of files, for the head.</summary>
    public static IReadOnlyList<FileHead> HeadsOf(IReadOnlyList<RunFile> files) =>
        [.. files.Select(file => new FileHead(file.Name, file.Content.Length))];

    /// <summary>The files, of a body that ends with them. Throws <see cref="FormatException"/>.</summary>
    public static IReadOnlyList<RunFile> Files(IReadOnlyList<FileHead> heads, ReadOnlySequence<byte> body)
    {
        if (heads.Sum(head => head.Bytes) != body.Length || heads.Any(head => head.Bytes < 0))
        {
            throw new FormatException($"The files of a message between nodes are not the {body.Length} bytes that came.");
        }

        var files = new List<RunFile>(heads.Count);
        foreach (var (name, bytes) in heads)
        {
            files.Add(new RunFile(name, body.Slice(0, bytes)));
            body = body.Slice(bytes);
        }

        return files;
    }

    /// <summary>The first bytes as one piece, and the others. Throws <see cref="FormatException"/>.</summary>
    public static (ReadOnlyMemory<byte> First, ReadOnlySequence<byte> Others) Cut(ReadOnlySequence<byte> body, int count)
    {
        if (count < 0 || count > body.Length)
        {
            throw new FormatException($"A message between nodes has {body.Length} bytes after its head, which says {count}.");
        }

        var first = body.Slice(0, count);
        return (first.IsSingleSegment ? first.First : first.ToArray(), body.Slice(count));
    }
}

/// <summary>A file in a message between nodes.</summary>
internal sealed record FileHead(string Name, long Bytes);
