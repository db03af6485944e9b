using System.Text.Json.Serialization;
using Faas.Actors.Keys;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Sandboxes;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Secrets;

namespace Faas.Actors.Serialization;

/// <summary>Source-generated JSON of every message that may be stored or cross nodes; SCHEMA.md lists the fields.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VersionUploaded))]
[JsonSerializable(typeof(EarlierVersionUploaded))]
[JsonSerializable(typeof(ScriptSettings))]
[JsonSerializable(typeof(SecretWritten))]
[JsonSerializable(typeof(SecretDeleted))]
[JsonSerializable(typeof(VersionsDeleted))]
[JsonSerializable(typeof(ScriptDeleted))]
[JsonSerializable(typeof(ScriptEnabled))]
[JsonSerializable(typeof(RetentionChanged))]
[JsonSerializable(typeof(AliasMoved))]
[JsonSerializable(typeof(VersionsImported))]
[JsonSerializable(typeof(TraitsImported))]
[JsonSerializable(typeof(ImportScript))]
[JsonSerializable(typeof(ScriptImported))]
[JsonSerializable(typeof(GetScript))]
[JsonSerializable(typeof(ReleaseCode))]
[JsonSerializable(typeof(ScriptTraits))]
[JsonSerializable(typeof(DeleteScript))]
[JsonSerializable(typeof(DeleteVersion))]
[JsonSerializable(typeof(ConfigureScript))]
[JsonSerializable(typeof(ScriptChanged))]
[JsonSerializable(typeof(ScriptConflict))]
[JsonSerializable(typeof(GetAlias))]
[JsonSerializable(typeof(MoveAlias))]
[JsonSerializable(typeof(RollBackAlias))]
[JsonSerializable(typeof(DeleteAlias))]
[JsonSerializable(typeof(AliasFound))]
[JsonSerializable(typeof(AliasNotFound))]
[JsonSerializable(typeof(AliasStale))]
[JsonSerializable(typeof(PublishVersion))]
[JsonSerializable(typeof(VersionPublished))]
[JsonSerializable(typeof(GetVersion))]
[JsonSerializable(typeof(VersionFound))]
[JsonSerializable(typeof(VersionNotFound))]
[JsonSerializable(typeof(DescribeScript))]
[JsonSerializable(typeof(ScriptDescribed))]
[JsonSerializable(typeof(GetVersions))]
[JsonSerializable(typeof(VersionsFound))]
[JsonSerializable(typeof(StoreUnavailable))]
[JsonSerializable(typeof(ListScripts))]
[JsonSerializable(typeof(ScriptList))]
[JsonSerializable(typeof(RefreshCatalog))]
[JsonSerializable(typeof(CatalogRefreshed))]
[JsonSerializable(typeof(RebuildCatalog))]
[JsonSerializable(typeof(CatalogRebuilt))]
[JsonSerializable(typeof(CancelRun))]
[JsonSerializable(typeof(DrainPool))]
[JsonSerializable(typeof(PoolDrained))]
[JsonSerializable(typeof(GetPoolStatus))]
[JsonSerializable(typeof(PoolStatus))]
[JsonSerializable(typeof(StopRun))]
[JsonSerializable(typeof(CloseSandbox))]
[JsonSerializable(typeof(KeyCreated))]
[JsonSerializable(typeof(KeyRevoked))]
internal sealed partial class FaasJson : JsonSerializerContext;
