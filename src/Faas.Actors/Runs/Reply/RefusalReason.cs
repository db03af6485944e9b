using System.Text.Json.Serialization;

namespace Faas.Actors.Runs.Reply;

/// <summary>Why a request was refused: <c>reason</c> on the wire.</summary>
public enum RefusalReason
{
    /// <summary>The queue is full.</summary>
    [JsonStringEnumMemberName("queue_full")]
    QueueFull,

    /// <summary>The run waited for as long as <c>queue-timeout</c> allows.</summary>
    [JsonStringEnumMemberName("queue_timeout")]
    QueueTimeout,

    /// <summary>The server is stopping.</summary>
    [JsonStringEnumMemberName("draining")]
    Draining,

    /// <summary>The server is no working node of its cluster at the moment.</summary>
    [JsonStringEnumMemberName("cluster")]
    Cluster,

    /// <summary>The script or the version does not exist.</summary>
    [JsonStringEnumMemberName("not_found")]
    NotFound,

    /// <summary>The script may not be run at the moment.</summary>
    [JsonStringEnumMemberName("disabled")]
    Disabled,

    /// <summary>The state of the script forbids the change.</summary>
    [JsonStringEnumMemberName("conflict")]
    Conflict,

    /// <summary>The version lists a secret that it cannot have.</summary>
    [JsonStringEnumMemberName("secret")]
    Secret,

    /// <summary>The version wants an image that the server does not have.</summary>
    [JsonStringEnumMemberName("image")]
    Image,

    /// <summary>The version asks for hosts, and the server cannot let a script reach one.</summary>
    [JsonStringEnumMemberName("network_unsupported")]
    NetworkUnsupported,

    /// <summary>What the caller wanted to change has changed meanwhile.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>The call asks for what its script cannot do.</summary>
    [JsonStringEnumMemberName("malformed")]
    Malformed,

    /// <summary>The client has used the key of the call for another call.</summary>
    [JsonStringEnumMemberName("idempotency_key_reused")]
    KeyReused,

    /// <summary>The call brings more than its run can have.</summary>
    [JsonStringEnumMemberName("too_large")]
    TooLarge,

    /// <summary>The store does not answer, or has lost what it should hold.</summary>
    [JsonStringEnumMemberName("store")]
    Store,
}
