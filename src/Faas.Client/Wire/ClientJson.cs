using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Faas.Client;

/// <summary>How the records are written and read; the compiler makes the code, so nothing is looked up at run time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 1000)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(ScriptSettings))]
[JsonSerializable(typeof(Uploaded))]
[JsonSerializable(typeof(ScriptPage))]
[JsonSerializable(typeof(Script))]
[JsonSerializable(typeof(ScriptSources))]
[JsonSerializable(typeof(VersionPage))]
[JsonSerializable(typeof(ScriptChange))]
[JsonSerializable(typeof(AliasList))]
[JsonSerializable(typeof(AliasTarget))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(SecretList))]
[JsonSerializable(typeof(SecretContent))]
[JsonSerializable(typeof(RotateContent))]
[JsonSerializable(typeof(Rotation))]
[JsonSerializable(typeof(PoolSnapshot))]
[JsonSerializable(typeof(PoolEvent))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(RecentActivity))]
[JsonSerializable(typeof(AcceptedRun))]
[JsonSerializable(typeof(RunCallback))]
[JsonSerializable(typeof(KeptRun))]
[JsonSerializable(typeof(KeptRunPage))]
[JsonSerializable(typeof(RunThen))]
[JsonSerializable(typeof(RedriveResult))]
[JsonSerializable(typeof(AcceptedBatch))]
[JsonSerializable(typeof(Batch))]
[JsonSerializable(typeof(BatchPage))]
[JsonSerializable(typeof(BatchResultPage))]
[JsonSerializable(typeof(BatchEvent))]
[JsonSerializable(typeof(BatchContent))]
[JsonSerializable(typeof(Schedule))]
[JsonSerializable(typeof(SchedulePage))]
[JsonSerializable(typeof(NewSchedule))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(SettingList))]
[JsonSerializable(typeof(ReloadReport))]
[JsonSerializable(typeof(ImportReport))]
internal sealed partial class ClientJson : JsonSerializerContext;
