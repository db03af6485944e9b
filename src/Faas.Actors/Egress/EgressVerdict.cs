using System.Text.Json.Serialization;

namespace Faas.Actors.Egress;

/// <summary>What became of one connection, in the audit and in metrics.</summary>
public enum EgressVerdict
{
    /// <summary>It was let through.</summary>
    [JsonStringEnumMemberName("allowed")]
    Allowed,

    /// <summary>No rule of the run permits the host at the port.</summary>
    [JsonStringEnumMemberName("denied")]
    Denied,

    /// <summary>The host has an address that may not be dialled.</summary>
    [JsonStringEnumMemberName("address")]
    Address,

    /// <summary>The name has no address, or none in time.</summary>
    [JsonStringEnumMemberName("unresolved")]
    Unresolved,

    /// <summary>No address of the host accepted a connection in time.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable,

    /// <summary>The request, or the reply of the host, is not HTTP as the proxy speaks it.</summary>
    [JsonStringEnumMemberName("malformed")]
    Malformed,

    /// <summary>The TLS handshake names another host than the request.</summary>
    [JsonStringEnumMemberName("mismatch")]
    Mismatch,

    /// <summary>The proxy was to end TLS, and does not trust the certificate of the host.</summary>
    [JsonStringEnumMemberName("untrusted")]
    Untrusted,

    /// <summary>It ended before a host was reached: the client left, or its run ended.</summary>
    [JsonStringEnumMemberName("abandoned")]
    Abandoned,

    /// <summary>A limit on bytes, connections or time was reached.</summary>
    [JsonStringEnumMemberName("limit")]
    Limit,
}
