using System.Collections.Concurrent;
using Faas.Actors.Placement;
using Faas.Actors.Runs;

namespace Faas.Actors.Forwarding;

/// <summary>
/// The versions of which sandboxes are to stay bound, as this node knows them, and its share of each.
/// <para>
/// Theory of operation. A node learns of such a version by its upload, by a call, or from another node, which tells all others of each
/// version that is new to it. A node that has just come is told by the node that comes first in the version's order (<see
/// cref="WarmShare"/>), so by one. When nodes come or go, each node takes its share anew.
/// </para>
/// Safe from any thread.
/// </summary>
/// <param name="exchanges">The other nodes.</param>
internal sealed class WarmVersions(OtherExchanges exchanges)
{
    private readonly ConcurrentDictionary<(string Path, string? Owner), (Run Run, ReadOnlyMemory<byte> Order)> _known = [];

    /// <summary>
    /// A run of a version. If the version is new to this node, or its script has no such version any more: an example of its runs, which
    /// the other nodes have to be told; else null.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="order">Makes the example, by <see cref="RunOrder"/>.</param>
    public ReadOnlyMemory<byte>? Note(Run run, Func<ReadOnlyMemory<byte>> order)
    {
        var key = (run.Queue, run.Owner);
        var isKnown = _known.TryGetValue(key, out var known);
        if (run.MinWarm is not { } all || (isKnown ? known.Run.Version == run.Version : all == 0))
        {
            return null;
        }

        var example = order();
        if (all > 0)
        {
            _known[key] = (run, example);
        }
        else
        {
            _known.TryRemove(key, out _);
        }

        return example;
    }

    /// <summary>A script is called no more.</summary>
    public void LetGo(string path)
    {
        foreach (var key in _known.Keys.Where(key => key.Path == path))
        {
            _known.TryRemove(key, out _);
        }
    }

    /// <summary>The run, with this node's share in the place of what its version asks for on all nodes together.</summary>
    public Run Shared(Run run) => run.MinWarm is not (> 0 and var all) ? run : run with
    {
        MinWarm = WarmShare.Of(run.Queue, all, exchanges.OwnNode, exchanges.Nodes),
    };

    /// <summary>An example of a run of each version, with this node's share as it is now.</summary>
    public IEnumerable<Run> Shares() => _known.Values.Select(known => Shared(known.Run));

    /// <summary>Examples of runs of the versions that this node has to tell a new one of.</summary>
    /// <param name="node">The new one.</param>
    public IEnumerable<ReadOnlyMemory<byte>> For(string node)
    {
        string[] others = [.. exchanges.Nodes.Where(other => other != node)];
        return _known.Where(known => WarmShare.Of(known.Key.Path, 1, exchanges.OwnNode, others) == 1).Select(known => known.Value.Order);
    }
}
