using System.Text.Json.Serialization;
using Faas.Client;

namespace Faas.Cli.Output;

/// <summary>How results are written with <c>--output json</c>: as the server writes them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 1000)]
[JsonSerializable(typeof(IReadOnlyList<ScriptLine>))]
[JsonSerializable(typeof(IReadOnlyList<ScriptVersion>))]
[JsonSerializable(typeof(IReadOnlyList<ScriptAlias>))]
[JsonSerializable(typeof(IReadOnlyList<Key>))]
[JsonSerializable(typeof(IReadOnlyList<Secret>))]
[JsonSerializable(typeof(IReadOnlyList<Setting>))]
[JsonSerializable(typeof(ReloadReport))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(PoolSnapshot))]
[JsonSerializable(typeof(PoolEvent))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(KeptRun))]
[JsonSerializable(typeof(IReadOnlyList<KeptRun>))]
[JsonSerializable(typeof(AcceptedRun))]
[JsonSerializable(typeof(RedriveResult))]
[JsonSerializable(typeof(AcceptedBatch))]
[JsonSerializable(typeof(Batch))]
[JsonSerializable(typeof(IReadOnlyList<Batch>))]
[JsonSerializable(typeof(BatchResult))]
[JsonSerializable(typeof(Schedule))]
[JsonSerializable(typeof(IReadOnlyList<Schedule>))]
[JsonSerializable(typeof(Script))]
[JsonSerializable(typeof(Uploaded))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(RunStats))]
internal sealed partial class CliJson : JsonSerializerContext;
