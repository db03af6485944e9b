namespace Faas.Actors.Cluster;

/// <summary>The files of <c>faas.cluster.tls</c>, in PEM.</summary>
/// <param name="Certificate">This node's certificate.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authority">The certificates of the authorities whose nodes are let in.</param>
public sealed record ClusterTls(string Certificate, string Key, string Authority);
