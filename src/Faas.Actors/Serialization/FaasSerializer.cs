using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using Akka.Serialization;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Sandboxes;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Secrets;

namespace Faas.Actors.Serialization;

/// <summary>
/// Serializes every message that may be stored or cross nodes, by a short manifest that ends in the version of its form.
/// A new form of a message gets a new manifest. A form that was ever stored stays readable, because what is stored is
/// never rewritten; SCHEMA.md lists them all.
/// </summary>
public sealed class FaasSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly (string Manifest, Type Type)[] s_forms =
    [
        ("vu3", typeof(VersionUploaded)),
        ("vd1", typeof(VersionsDeleted)),
        ("sx1", typeof(ScriptDeleted)),
        ("se1", typeof(ScriptEnabled)),
        ("rk1", typeof(RetentionChanged)),
        ("am1", typeof(AliasMoved)),
        ("vi1", typeof(VersionsImported)),
        ("ti1", typeof(TraitsImported)),
        (SnapshotFormat.Fourth, typeof(ScriptSnapshot)),
        ("sw1", typeof(SecretWritten)),
        ("sz1", typeof(SecretDeleted)),
        ("pv6", typeof(PublishVersion)),
        ("cm1", typeof(CodeMissing)),
        ("vp2", typeof(VersionPublished)),
        ("gv1", typeof(GetVersion)),
        ("vf4", typeof(VersionFound)),
        ("vn1", typeof(VersionNotFound)),
        ("ds1", typeof(DescribeScript)),
        ("sd3", typeof(ScriptDescribed)),
        ("xs1", typeof(DeleteScript)),
        ("xv1", typeof(DeleteVersion)),
        ("cs2", typeof(ConfigureScript)),
        ("sc1", typeof(ScriptChanged)),
        ("cf1", typeof(ScriptConflict)),
        ("ga1", typeof(GetAlias)),
        ("ma1", typeof(MoveAlias)),
        ("ra1", typeof(RollBackAlias)),
        ("xa1", typeof(DeleteAlias)),
        ("af1", typeof(AliasFound)),
        ("an1", typeof(AliasNotFound)),
        ("as1", typeof(AliasStale)),
        ("is1", typeof(ImportScript)),
        ("si1", typeof(ScriptImported)),
        ("gw1", typeof(GetScript)),
        ("rl1", typeof(ReleaseCode)),
        ("gn1", typeof(GetVersions)),
        ("nf1", typeof(VersionsFound)),
        ("su1", typeof(StoreUnavailable)),
        ("ls1", typeof(ListScripts)),
        ("sl3", typeof(ScriptList)),
        ("rc1", typeof(RefreshCatalog)),
        ("cr1", typeof(CatalogRefreshed)),
        ("rb1", typeof(RebuildCatalog)),
        ("cb1", typeof(CatalogRebuilt)),
        ("xr1", typeof(CancelRun)),
        ("dp1", typeof(DrainPool)),
        ("pd1", typeof(PoolDrained)),
        ("gs1", typeof(GetPoolStatus)),
        ("ps2", typeof(PoolStatus)),
        ("sr1", typeof(StopRun)),
        ("cs1", typeof(CloseSandbox)),
        ("kc2", typeof(KeyCreated)),
        ("kr1", typeof(KeyRevoked)),
        ("bs1", typeof(BorrowScript)),
        ("sn1", typeof(ScriptLent)),
        ("rr1", typeof(Recall)),
        ("rt1", typeof(Returned)),
        ("gk1", typeof(GetKeys)),
        ("kk1", typeof(KeysKnown)),
        ("ck1", typeof(CreateKey)),
        ("ks1", typeof(KeyStored)),
        ("kn1", typeof(KeyNotCreated)),
        ("rv1", typeof(RevokeKey)),
        ("ke1", typeof(KeyEnded)),
        ("ku1", typeof(KeyUnknown)),
        ("kf1", typeof(KeyStoreFailed)),
        ("bk1", typeof(BorrowKeys)),
        ("kl1", typeof(KeysLent)),
        ("gz1", typeof(GetSecrets)),
        ("zk1", typeof(SecretsKnown)),
        ("ws1", typeof(WriteSecret)),
        ("rs1", typeof(ResealSecret)),
        ("st1", typeof(SecretStored)),
        ("sf1", typeof(SecretNotStored)),
        ("dz1", typeof(DeleteSecret)),
        ("sq1", typeof(SecretEnded)),
        ("zu1", typeof(SecretUnknown)),
        ("zf1", typeof(SecretStoreFailed)),
        ("bz1", typeof(BorrowSecrets)),
        ("zl1", typeof(SecretsLent)),
    ];

    private static readonly Dictionary<Type, string> s_manifests = s_forms.ToDictionary(form => form.Type, form => form.Manifest);

    // How each form is read: all that are written, and those that earlier servers stored.
    private static readonly Dictionary<string, Func<byte[], object>> s_readers = new(
        s_forms.Select(form => KeyValuePair.Create<string, Func<byte[], object>>(form.Manifest, bytes => Parse(bytes, form.Type))))
    {
        ["vu1"] = bytes => ((EarlierVersionUploaded)Parse(bytes, typeof(EarlierVersionUploaded))).ToEvent(),
        ["kc1"] = bytes => Parse(bytes, typeof(KeyCreated)),
        ["vu2"] = bytes => ((EarlierVersionUploaded)Parse(bytes, typeof(EarlierVersionUploaded))).ToEvent(),
        [SnapshotFormat.First] = bytes => SnapshotFormat.Read(bytes, SnapshotFormat.First),
        [SnapshotFormat.Second] = bytes => SnapshotFormat.Read(bytes, SnapshotFormat.Second),
        [SnapshotFormat.Third] = bytes => SnapshotFormat.Read(bytes, SnapshotFormat.Third),
        [SnapshotFormat.Fourth] = bytes => SnapshotFormat.Read(bytes, SnapshotFormat.Fourth),
    };

    /// <summary>The types that it serializes.</summary>
    public static IReadOnlyCollection<Type> Types => s_manifests.Keys;

    /// <inheritdoc/>
    public override int Identifier => 7110;

    /// <inheritdoc/>
    public override string Manifest(object o) => s_manifests.TryGetValue(o.GetType(), out var manifest)
        ? manifest
        : throw new ArgumentException($"{o.GetType()} is no message that may be stored or cross nodes.", nameof(o));

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj is ScriptSnapshot snapshot
        ? SnapshotFormat.Write(snapshot)
        : JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType(), FaasJson.Default);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => s_readers.TryGetValue(manifest, out var read)
        ? read(bytes)
        : throw new SerializationException(
            $"\"{manifest}\" is no manifest of this version of Faas; it knows {string.Join(", ", s_readers.Keys)}.");

    private static object Parse(byte[] bytes, Type type) =>
        JsonSerializer.Deserialize(bytes, type, FaasJson.Default) ?? throw new SerializationException($"A {type.Name} is null.");
}

/// <summary>Wiring.</summary>
public static class FaasSerializerHosting
{
    /// <summary>Binds every type of <see cref="FaasSerializer"/> to it.</summary>
    public static AkkaConfigurationBuilder AddFaasSerializer(this AkkaConfigurationBuilder builder) =>
        builder.WithCustomSerializer("faas", FaasSerializer.Types, system => new FaasSerializer(system));
}
