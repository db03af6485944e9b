using Akka.Actor;
using Akka.Persistence;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Faas.Actors.Storage.AkkaPlugins;

/// <summary>
/// One stored snapshot, in the protobuf form of the Akka.Persistence.Redis package:
/// <c>{1 persistenceId, 2 sequenceNr, 3 Timestamp, 4 {1 serializerId, 2 payload, 3 manifest}}</c>.
/// The payload stays bytes until the snapshot is chosen.
/// </summary>
public sealed record SnapshotRecord(SnapshotMetadata Metadata, int SerializerId, ByteString Payload, string Manifest)
{
    private const uint PersistenceIdTag = (1 << 3) | 2;
    private const uint SequenceNrTag = 2 << 3;
    private const uint TimestampTag = (3 << 3) | 2;
    private const uint PayloadTag = (4 << 3) | 2;
    private const uint SerializerIdTag = 1 << 3;
    private const uint BytesTag = (2 << 3) | 2;
    private const uint ManifestTag = (3 << 3) | 2;

    /// <summary>Serializes the snapshot by Akka's bindings; throws what its serializer throws.</summary>
    public static SnapshotRecord Of(SnapshotMetadata metadata, object snapshot, ExtendedActorSystem system)
    {
        var serializer = system.Serialization.FindSerializerFor(snapshot);
        var payload = Akka.Serialization.Serialization.WithTransport(system, () => serializer.ToBinary(snapshot));
        return new SnapshotRecord(
            metadata,
            serializer.Identifier,
            ByteString.CopyFrom(payload),
            Akka.Serialization.Serialization.ManifestFor(serializer, snapshot));
    }

    /// <summary>The snapshot itself; throws what its serializer throws.</summary>
    public SelectedSnapshot Select(ExtendedActorSystem system) =>
        new(Metadata, system.Serialization.Deserialize(Payload.ToByteArray(), SerializerId, Manifest));

    /// <summary>Reads what <see cref="ToBytes"/> wrote; throws <see cref="InvalidDataException"/>.</summary>
    public static SnapshotRecord Parse(byte[] bytes)
    {
        try
        {
            var input = new CodedInputStream(bytes);
            var (persistenceId, sequenceNr, timestamp, payload) = ("", 0L, new Timestamp(), (ByteString?)null);
            while (input.ReadTag() is var tag and not 0)
            {
                switch (tag)
                {
                    case PersistenceIdTag: persistenceId = input.ReadString(); break;
                    case SequenceNrTag: sequenceNr = input.ReadInt64(); break;
                    case TimestampTag: input.ReadMessage(timestamp); break;
                    case PayloadTag: payload = input.ReadBytes(); break;
                    default: input.SkipLastField(); break;
                }
            }

            return payload is null
                ? throw new InvalidDataException("it has no payload")
                : WithPayload(new SnapshotMetadata(persistenceId, sequenceNr, timestamp.ToDateTime()), payload.CreateCodedInput());
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException(failure.Message, failure);
        }
    }

    /// <summary>The stored form.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes))
        {
            output.WriteTag(PersistenceIdTag);
            output.WriteString(Metadata.PersistenceId);
            output.WriteTag(SequenceNrTag);
            output.WriteInt64(Metadata.SequenceNr);
            output.WriteTag(TimestampTag);
            output.WriteMessage(Timestamp.FromDateTime(DateTime.SpecifyKind(Metadata.Timestamp, DateTimeKind.Utc)));
            output.WriteTag(PayloadTag);
            output.WriteBytes(ByteString.CopyFrom(PayloadToBytes()));
        }

        return bytes.ToArray();
    }

    private byte[] PayloadToBytes()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes))
        {
            output.WriteTag(SerializerIdTag);
            output.WriteInt32(SerializerId);
            output.WriteTag(BytesTag);
            output.WriteBytes(Payload);
            if (Manifest.Length > 0)
            {
                output.WriteTag(ManifestTag);
                output.WriteBytes(ByteString.CopyFromUtf8(Manifest));
            }
        }

        return bytes.ToArray();
    }

    private static SnapshotRecord WithPayload(SnapshotMetadata metadata, CodedInputStream input)
    {
        var (serializerId, payload, manifest) = (0, ByteString.Empty, "");
        while (input.ReadTag() is var tag and not 0)
        {
            switch (tag)
            {
                case SerializerIdTag: serializerId = input.ReadInt32(); break;
                case BytesTag: payload = input.ReadBytes(); break;
                case ManifestTag: manifest = input.ReadBytes().ToStringUtf8(); break;
                default: input.SkipLastField(); break;
            }
        }

        return new SnapshotRecord(metadata, serializerId, payload, manifest);
    }
}
