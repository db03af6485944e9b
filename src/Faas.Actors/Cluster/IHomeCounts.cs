namespace Faas.Actors.Cluster;

/// <summary>How many scripts are at home on which member.</summary>
public interface IHomeCounts
{
    /// <summary>Asks all members. One that does not answer in time is absent.</summary>
    Task<IReadOnlyDictionary<ClusterAddress, HomeCount>> CountAsync(CancellationToken cancellation);
}

/// <summary>What of the scripts is at home on one member.</summary>
/// <param name="Shards">The groups of scripts whose actors run there.</param>
/// <param name="Scripts">The scripts whose actors are in memory there.</param>
public sealed record HomeCount(int Shards, int Scripts);
