using Faas.Actors.Cluster;
using Faas.Actors.UseCases.Kept;

namespace Faas.Http.Server;

/// <summary>The members of the cluster, for the kept runs that they share.</summary>
internal sealed class ClusterNodes(ClusterMembership membership, ClusterOptions options) : IKeptNodes
{
    /// <inheritdoc/>
    public string Own { get; } = options.Self.ToString();

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public bool MayWork => membership.WhyNot is null;

    /// <inheritdoc/>
    public bool Has(string node) => membership.Now?.Members.Any(member => member.Address.ToString() == node) is true;
}
