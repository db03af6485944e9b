using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Placement;

/// <summary>
/// Divides the sandboxes that are to stay bound to a version (<c>minWarm</c>) among the nodes. Theory of operation. The nodes are put into
/// an order that depends on the script (rendezvous hashing, Thaler and Ravishankar, 1998), so that different scripts begin with different
/// nodes, and a node that comes or goes changes little. Each node has the same number, and the first ones have one more. All nodes that
/// know of the same nodes agree without a message.
/// </summary>
public static class WarmShare
{
    /// <summary>How many of them this node keeps.</summary>
    /// <param name="path">The script.</param>
    /// <param name="all">How many are to stay on all nodes together.</param>
    /// <param name="self">This node.</param>
    /// <param name="others">The others.</param>
    public static int Of(string path, int all, string self, IReadOnlyCollection<string> others)
    {
        var nodes = others.Count + 1;
        var (each, more) = (all / nodes, all % nodes);
        if (more == 0)
        {
            return each;
        }

        var own = RankOf(path, self);
        return others.Count(other => string.CompareOrdinal(RankOf(path, other), own) < 0) < more ? each + 1 : each;
    }

    private static string RankOf(string path, string node) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{path}\n{node}")));
}
