namespace Faas.Actors.Cluster;

/// <summary>Why a node ends of itself.</summary>
internal enum NodeLoss
{
    /// <summary>It reaches too few of the others, or they could not reach it.</summary>
    GivenUp,

    /// <summary>It has opened a connection to another node, and the TLS handshake failed.</summary>
    Handshake,
}
