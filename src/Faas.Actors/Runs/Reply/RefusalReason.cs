using System.Text.Json.Serialization;

namespace Faas.Actors.Runs.Reply;

/// <summary>Why a request was refused; the word that stands as <c>reason</c> on the wire.</summary>
public enum RefusalReason
{
    /// <summary>The queue is full.</summary>
    [JsonStringEnumMemberName("queue_full")]
    QueueFull,

    /// <summary>It waited for <c>queue-timeout</c>.</summary>
    [JsonStringEnumMemberName("queue_timeout")]
    QueueTimeout,

    /// <summary>The server is stopping.</summary>
    [JsonStringEnumMemberName("draining")]
    Draining,

    /// <summary>There is no such script, or no such version of it.</summary>
    [JsonStringEnumMemberName("not_found")]
    NotFound,

    /// <summary>The store does not answer, or lacks what it should hold.</summary>
    [JsonStringEnumMemberName("store")]
    Store,
}
