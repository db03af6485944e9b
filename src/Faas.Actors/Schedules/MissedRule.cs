using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Schedules;

/// <summary>What becomes of the fires of a time in which no server was up.</summary>
[JsonConverter(typeof(WireNameConverter<MissedRule>))]
public enum MissedRule
{
    /// <summary>They are left out.</summary>
    [JsonStringEnumMemberName("skip")]
    Skip,

    /// <summary>The latest of them is made up for, the others are left out.</summary>
    [JsonStringEnumMemberName("once")]
    Once,

    /// <summary>The latest of them are made up for, as many as the settings say.</summary>
    [JsonStringEnumMemberName("all")]
    All,
}
