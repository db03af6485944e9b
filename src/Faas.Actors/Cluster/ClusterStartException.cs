namespace Faas.Actors.Cluster;

/// <summary>This server cannot be a node of its cluster; the message says why and how to mend it, in one line.</summary>
public sealed class ClusterStartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it may pass by itself, so that another attempt makes sense; false: a setting or a file must change.</summary>
    public bool MayPass { get; init; }
}
