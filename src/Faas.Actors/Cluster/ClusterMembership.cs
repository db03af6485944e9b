using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Cluster;

/// <summary>
/// What this server knows of its cluster, readable without asking an actor. <see cref="ClusterWatch"/> keeps it up to date. A server that
/// is no node of a cluster has one, too, which never stands in the way.
/// </summary>
public sealed partial class ClusterMembership(ClusterOptions options, IHostApplicationLifetime lifetime, ILogger<ClusterMembership> log)
{
    private volatile Membership? _now = options.Enabled ? Membership.Outside(options.Self) : null;
    private volatile string? _loss;
    private Membership? _lastAsMember; // a node that is given up forgets the members at once

    /// <summary>The members; null: this server is no node of a cluster.</summary>
    public Membership? Now => _now;

    /// <summary>Why this node has to end; null: it has not.</summary>
    public string? Loss => _loss;

    /// <summary>Why this server may not work at the moment, as a sentence; null: it may.</summary>
    public string? WhyNot => _loss ?? _now?.WhyNot;

    /// <summary>The members have changed.</summary>
    public void Set(Membership now)
    {
        _lastAsMember = now.IsMember ? now : _lastAsMember;
        _now = now;
    }

    /// <summary>The cluster goes on without this node: it says why, refuses all work from now on, and ends the server.</summary>
    internal void Lose(NodeLoss why)
    {
        var now = _lastAsMember ?? _now!;
        _loss = why == NodeLoss.Handshake ? $"The TLS handshake of this node {now.Self} with another one failed; it ends."
            : now.HasMajority ? $"The cluster has given up this node {now.Self}, because the others could not reach it; it ends."
            : $"This node {now.Self} reaches {now.Reached} of the {now.Counted} members of its cluster, so the others go on without it; "
                + "it ends.";
        LogLost(_loss);
        lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Error, "{Loss}")]
    private partial void LogLost(string loss);
}
