using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using Akka.Streams;
using Faas.Actors.Runs;
using AkkaSerialization = Akka.Serialization.Serialization;

namespace Faas.Actors.Forwarding;

/// <summary>
/// Serializes what nodes tell each other of runs: serializer 7111, `forwarding`. Nothing of it is ever stored. All messages of a run begin
/// with its number (8 bytes, little-endian). SCHEMA.md has the forms.
/// </summary>
internal sealed class ForwardingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const byte IsWhole = 0;
    private const byte IsInPieces = 1;

    /// <summary>The types that it serializes.</summary>
    public static IReadOnlyCollection<Type> Types { get; } =
    [
        typeof(ForwardRun), typeof(AbandonRun), typeof(CancelForwarded), typeof(RunReplied), typeof(RunStreams), typeof(RunDeclined),
        typeof(RunCost), typeof(BytePiece), typeof(KeepSandboxes), typeof(LetGoSandboxes), typeof(PoolNews), typeof(WantWholeNews),
    ];

    /// <inheritdoc/>
    public override int Identifier => 7111;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        ForwardRun => "fr1",
        AbandonRun => "fa1",
        CancelForwarded => "fk1",
        RunReplied => "fe1",
        RunStreams => "fs1",
        RunDeclined => "fd1",
        RunCost => "fc1",
        BytePiece => "bp1",
        KeepSandboxes => "ks1",
        LetGoSandboxes => "lg1",
        PoolNews => "pn1",
        WantWholeNews => "pw1",
        _ => throw new ArgumentException($"{o.GetType()} is no message between nodes about runs.", nameof(o)),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj switch
    {
        ForwardRun forward => Of(forward, forward.Order),
        RunReplied replied => Of(replied, replied.Outcome),
        RunStreams streams => Joined(Number(streams), [(byte)streams.Warmth], Reference(streams.Output)),
        RunCost cost => Joined(
            Number(cost), JsonSerializer.SerializeToUtf8Bytes(UsageHead.Of(cost.Usage), ForwardingJson.Default.UsageHead)),
        IOfForwardedRun other => Number(other),
        BytePiece piece => piece.Bytes.ToArray(),
        KeepSandboxes keep => Joined(Text(keep.Node), keep.Order.ToArray()),
        LetGoSandboxes let => Joined(Text(let.Node), Encoding.UTF8.GetBytes(let.Path)),
        PoolNews news => JsonSerializer.SerializeToUtf8Bytes(news, ForwardingJson.Default.PoolNews),
        WantWholeNews => [],
        _ => throw new ArgumentException($"{obj.GetType()} is no message between nodes about runs.", nameof(obj)),
    };

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "fr1" => new ForwardRun(NumberIn(bytes), ParcelIn(bytes)),
        "fa1" => new AbandonRun(NumberIn(bytes)),
        "fk1" => new CancelForwarded(NumberIn(bytes)),
        "fe1" => new RunReplied(NumberIn(bytes), ParcelIn(bytes)),
        "fs1" => new RunStreams(NumberIn(bytes), (Warmth)bytes[sizeof(long)], ReferenceIn(bytes.AsSpan(sizeof(long) + 1))),
        "fd1" => new RunDeclined(NumberIn(bytes)),
        "fc1" => new RunCost(NumberIn(bytes), Json(bytes.AsSpan(sizeof(long)), ForwardingJson.Default.UsageHead).ToUsage()),
        "bp1" => new BytePiece(bytes),
        "ks1" => new KeepSandboxes(TextIn(bytes, out var rest), rest),
        "lg1" => new LetGoSandboxes(TextIn(bytes, out var rest), Encoding.UTF8.GetString(rest.Span)),
        "pn1" => Json(bytes, ForwardingJson.Default.PoolNews),
        "pw1" => WantWholeNews.Instance,
        _ => throw new SerializationException($"\"{manifest}\" is no manifest that this version of Faas knows of messages about runs."),
    };

    private byte[] Of(IOfForwardedRun message, Parcel parcel)
    {
        if (parcel.Pieces is { } pieces)
        {
            return Joined(Number(message), [IsInPieces], Reference(pieces));
        }

        var bytes = new byte[sizeof(long) + 1 + parcel.Whole.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, message.Number);
        bytes[sizeof(long)] = IsWhole;
        parcel.Whole.CopyTo(bytes.AsSpan(sizeof(long) + 1));
        return bytes;
    }

    private Parcel ParcelIn(byte[] bytes) => bytes[sizeof(long)] switch
    {
        IsWhole => new Parcel(new ReadOnlySequence<byte>(bytes, sizeof(long) + 1, bytes.Length - sizeof(long) - 1)),
        IsInPieces => new Parcel(default, ReferenceIn(bytes.AsSpan(sizeof(long) + 1))),
        var kind => throw new SerializationException($"A message between nodes has a parcel of the kind {kind}."),
    };

    // Akka's own serializer knows references to streams: its number, the length of its manifest, the manifest, its bytes.
    private byte[] Reference(ISourceRef<BytePiece> source)
    {
        var serializer = system.Serialization.FindSerializerFor(source);
        var manifest = Encoding.UTF8.GetBytes(AkkaSerialization.ManifestFor(serializer, source));
        var head = new byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, serializer.Identifier);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(sizeof(int)), manifest.Length);
        return Joined(head, manifest, serializer.ToBinary(source));
    }

    private ISourceRef<BytePiece> ReferenceIn(ReadOnlySpan<byte> bytes)
    {
        var (identifier, length) = (
            BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]));
        var manifest = Encoding.UTF8.GetString(bytes.Slice(2 * sizeof(int), length));
        return (ISourceRef<BytePiece>)system.Serialization.Deserialize(
            bytes[((2 * sizeof(int)) + length)..].ToArray(), identifier, manifest);
    }

    // A text with its length in front.
    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }

    private static string TextIn(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        rest = bytes[(sizeof(int) + length)..];
        return Encoding.UTF8.GetString(bytes.Span.Slice(sizeof(int), length));
    }

    private static byte[] Number(IOfForwardedRun message)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, message.Number);
        return bytes;
    }

    private static long NumberIn(byte[] bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    private static byte[] Joined(params ReadOnlySpan<byte[]> parts)
    {
        var all = new byte[parts.ToArray().Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        return all;
    }

    private static T Json<T>(ReadOnlySpan<byte> bytes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(bytes, type) ?? throw new SerializationException($"A {typeof(T).Name} is null.");
}
