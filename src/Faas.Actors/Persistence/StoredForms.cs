using Akka.Actor;
using Akka.Persistence;
using Faas.Actors.Invocations;
using Faas.Actors.Scripts;

namespace Faas.Actors.Persistence;

/// <summary>
/// Makes the runtime compile what reads a script from the store: one event and one snapshot are written to memory
/// and read back. Some 40 ms of the processor, which the first caller after a start would wait for otherwise.
/// </summary>
internal static class StoredForms
{
    /// <summary>Does so. Throws what the serializers throw.</summary>
    public static void Rehearse(ExtendedActorSystem system)
    {
        var version = new ScriptVersion(1, Language.JavaScript, ScriptCode.HashOf(""), 0, DateTimeOffset.UnixEpoch);
        var (path, id) = (ScriptRegistry.NoScript, ScriptActor.PersistenceIdOf(ScriptRegistry.NoScript));

        var serializer = system.Serialization.FindSerializerForType(typeof(Persistent));
        serializer.FromBinary<Persistent>(serializer.ToBinary(new Persistent(new VersionUploaded(path, version), 1, id)));

        var snapshot = new ScriptSnapshot(path, [version]);
        SnapshotRecord.Parse(SnapshotRecord.Of(new SnapshotMetadata(id, 1, DateTime.UnixEpoch), snapshot, system).ToBytes()).Select(system);
    }
}
