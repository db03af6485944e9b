using System.Text.Json.Serialization;
using Faas.Actors.Hosts;

namespace Faas.Actors.Scripts;

/// <summary>What the runs of a version may reach outside of their sandbox.</summary>
/// <param name="Allow">The hosts and ports; at least one.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NetworkSetting([property: JsonRequired] EgressRules Allow);
