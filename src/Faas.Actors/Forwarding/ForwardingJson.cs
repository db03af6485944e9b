using System.Text.Json.Serialization;

namespace Faas.Actors.Forwarding;

/// <summary>Source-generated JSON of what nodes tell each other of runs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunOrderHead))]
[JsonSerializable(typeof(RunOutcomeHead))]
[JsonSerializable(typeof(UsageHead))]
[JsonSerializable(typeof(PoolNews))]
internal sealed partial class ForwardingJson : JsonSerializerContext;
