using Faas.Cli.Commands.Pool;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Cluster;

/// <summary>Writes a cluster as lines: the node that was asked, and the members. Pure.</summary>
internal static class ClusterTable
{
    /// <summary>The lines.</summary>
    public static IReadOnlyList<string> Of(ClusterView cluster, DateTimeOffset now)
    {
        if (cluster is not { Enabled: true, Members: { } members, Load: { } load })
        {
            return ["This server is no node of a cluster (faas.cluster.enabled = false)."];
        }

        return
        [
            cluster.WhyNot is { } why ? $"{cluster.Self} does not work: {why}" : $"{cluster.Self} works.",
            PoolTable.Counts(load),
            "",
            .. Columns.Lines(
                ["MEMBER", "STATE", "REACHABLE", "SINCE", "RUNS", "WAITING", "SPARES", "WARM", "SHARDS", "SCRIPTS", "ROLES"],
                [
                    .. members.Select(member => (string[])
                    [
                        member.Address == cluster.Self ? $"{member.Address} (asked)" : member.Address,
                        member.State,
                        member.Reachable ? "yes" : "no",
                        Figures.Time(now - member.Since),
                        .. PoolOf(member),
                        .. HomeOf(member),
                        string.Join(", ", member.Roles),
                    ]),
                ]),
        ];
    }

    private static string[] HomeOf(ClusterMember member) =>
        member.Home is { } home ? [$"{home.Shards}", $"{home.Scripts}"] : ["-", "-"];

    private static string[] PoolOf(ClusterMember member) => member.Pool is { } pool
        ?
        [
            pool.Draining ? "drains" : $"{pool.Running - pool.Free} of {pool.Running}",
            $"{pool.Waiting}",
            $"{pool.Spares}",
            $"{pool.Warm}",
        ]
        : ["-", "-", "-", "-"];
}
