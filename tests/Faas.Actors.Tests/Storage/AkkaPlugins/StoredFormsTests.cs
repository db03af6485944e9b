using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using Faas.Actors.Storage.AkkaPlugins;
using Xunit;

namespace Faas.Actors.Tests.Storage.AkkaPlugins;

/// <summary>Bytes in a Redis that is in use must stay readable, and the official package must be able to read what we write.</summary>
public sealed class StoredFormsTests : TestKit
{
    // {1: "pid", 2: 7, 3: {1: 1767268800 s, 2: 500000000 ns}, 4: {1: 4, 2: "state"}}, the second with a manifest, 3: "m"
    private const string Snapshot = "0A0370696410071A0C08C0C3D9CA061080CAB5EE012209080412057374617465";
    private const string SnapshotWithManifest = "0A0370696410071A0C08C0C3D9CA061080CAB5EE01220C0804120573746174651A016D";

    // {1: {1: 4, 2: "event"}, 2: 7, 3: "pid", 12: "manifest", 13: "writer", 14: 42 (zigzag)}
    private const string Event = "0A09080412056576656E7410071A0370696462086D616E69666573746A067772697465727054";

    private static readonly SnapshotMetadata s_metadata = new("pid", 7, new DateTime(2026, 1, 1, 12, 0, 0, 500, DateTimeKind.Utc));

    private ExtendedActorSystem System => (ExtendedActorSystem)Sys;

    [Fact]
    public void A_snapshot_is_stored_in_the_official_form()
    {
        Assert.Equal(Snapshot, Convert.ToHexString(SnapshotRecord.Of(s_metadata, "state"u8.ToArray(), System).ToBytes()));
    }

    [Fact]
    public void The_state_comes_out_of_a_snapshot()
    {
        Assert.Equal("state"u8.ToArray(), SnapshotRecord.Parse(Convert.FromHexString(Snapshot)).Select(System).Snapshot);
    }

    [Theory]
    [InlineData(Snapshot, "")]
    [InlineData(SnapshotWithManifest, "m")]
    public void A_snapshot_in_the_official_form_is_read(string stored, string manifest)
    {
        var record = SnapshotRecord.Parse(Convert.FromHexString(stored));

        Assert.Equal(
            (s_metadata.PersistenceId, s_metadata.SequenceNr, s_metadata.Timestamp),
            (record.Metadata.PersistenceId, record.Metadata.SequenceNr, record.Metadata.Timestamp));
        Assert.Equal(manifest, record.Manifest);
        Assert.Equal(stored, Convert.ToHexString(record.ToBytes()));
    }

    [Fact]
    public void Fields_that_a_later_version_adds_are_skipped()
    {
        var record = SnapshotRecord.Parse(Convert.FromHexString(Snapshot + "7A03616263" + "8001" + "05"));

        Assert.Equal(7, record.Metadata.SequenceNr);
    }

    [Fact]
    public void Every_cut_of_a_snapshot_is_refused()
    {
        var whole = Convert.FromHexString(Snapshot);
        foreach (var length in Enumerable.Range(0, whole.Length))
        {
            Assert.Throws<InvalidDataException>(() => SnapshotRecord.Parse(whole[..length]));
        }
    }

    [Fact]
    public void An_event_is_Akkas_own_protobuf()
    {
        Akka.Persistence.Persistence.Instance.Apply(Sys);
        var serializer = Sys.Serialization.FindSerializerForType(typeof(Persistent));

        var read = serializer.FromBinary<Persistent>(Convert.FromHexString(Event));

        Assert.Equal(
            ("pid", 7L, "manifest", "writer", 42L), (read.PersistenceId, read.SequenceNr, read.Manifest, read.WriterGuid, read.Timestamp));
        Assert.Equal("event"u8.ToArray(), read.Payload);
        Assert.Equal(
            Event, Convert.ToHexString(serializer.ToBinary(read.Update(7, "pid", false, ActorRefs.NoSender, "writer").WithTimestamp(42))));
    }
}
