using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Cluster;

/// <summary>How far a node is in its cluster.</summary>
[JsonConverter(typeof(WireNameConverter<MemberState>))]
public enum MemberState
{
    /// <summary>It was let in, and waits until every member knows it.</summary>
    [JsonStringEnumMemberName("joining")]
    Joining,

    /// <summary>It was let in while some member could not be reached.</summary>
    [JsonStringEnumMemberName("weakly_up")]
    WeaklyUp,

    /// <summary>It is a member.</summary>
    [JsonStringEnumMemberName("up")]
    Up,

    /// <summary>It has said that it leaves.</summary>
    [JsonStringEnumMemberName("leaving")]
    Leaving,

    /// <summary>Every member knows that it leaves.</summary>
    [JsonStringEnumMemberName("exiting")]
    Exiting,

    /// <summary>The others have given it up, and it has to end.</summary>
    [JsonStringEnumMemberName("down")]
    Down,
}
