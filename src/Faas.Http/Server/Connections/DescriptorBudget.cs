using Faas.Actors.Egress;
using Faas.Actors.Linux;

namespace Faas.Http.Server.Connections;

/// <summary>
/// How many connections fit under the process's limit of open files (RLIMIT_NOFILE, <c>ulimit -n</c>).
/// <para>
/// Theory of operation. A process without a free descriptor can do next to nothing: no sandbox starts, nothing is cleaned
/// up, and the .NET runtime may end with "Out of memory." when it loads an assembly. No code can guard against that, so
/// the server never lets it happen. It sets aside at the start what it needs for itself and for its sandboxes; clients
/// share the rest, because the number of their connections is the only one that the server does not decide. Sandboxes take at
/// most half of what the server itself leaves, but enough for the runs that may be executed at once. An idle
/// server has 240 descriptors: the runtime keeps two open for each of its 110 assemblies. A warm sandbox has 6: three
/// pipes and three files of its cgroup. Where versions may ask for hosts, each of their connections has two, and each sandbox one more,
/// the proxy's listening socket in it.
/// </para>
/// </summary>
/// <param name="Limit">Descriptors that the process may have.</param>
/// <param name="Running"><c>faas.pool.running</c>.</param>
/// <param name="Wanted"><c>faas.pool.sandboxes</c>.</param>
/// <param name="Egress"><c>faas.network.max-connections</c>; 0: no version may ask for a host.</param>
public sealed record DescriptorBudget(long Limit, int Running, int Wanted, int Egress = 0)
{
    /// <summary>
    /// Descriptors of the server itself: assemblies, logs, Redis, compilers, and temporary ones while sandboxes start and end.
    /// </summary>
    public const int OfServer = 320;

    /// <summary>Descriptors in the server for each sandbox.</summary>
    public const int OfSandbox = 8;

    /// <summary>The server does not start with room for fewer connections.</summary>
    public const int FewestConnections = 16;

    /// <summary>The lowest limit with which the server starts.</summary>
    public long Needed => Limit - Free + (EachSandbox * Fewest) + FewestConnections;

    /// <summary>How many sandboxes may be alive at once.</summary>
    public int Sandboxes => (int)Math.Min(Wanted, Math.Max(Fewest, Free / 2 / EachSandbox));

    /// <summary>Why the server must not start, and the remedy; null: the limit suffices.</summary>
    public string? Refusal => Limit >= Needed
        ? null
        : $"ulimit -n = {Limit}: too few open files (RLIMIT_NOFILE); with faas.pool.running = {Running} "
            + (Egress == 0 ? "" : $"and faas.network.max-connections = {Egress} ")
            + $"the server needs {Needed}. "
            + $"Raise it: ulimit -n {Needed}, or LimitNOFILE={Needed} in its systemd unit, or --ulimit nofile={Needed} of its container; "
            + $"each connection beyond {FewestConnections} takes one more.";

    /// <summary>How many of the connections that the settings allow may be open at once.</summary>
    public int Connections(int allowed) => (int)Math.Min(allowed, Free - (EachSandbox * Sandboxes));

    /// <summary>How many sandboxes may be alive at once beside this number of connections.</summary>
    public int SandboxesBeside(int connections) => (int)Math.Max(Fewest, (Free - connections) / EachSandbox);

    private int Fewest => Math.Min(Running, Wanted);

    // What the server and the connections of sandboxes leave.
    private long Free => Limit - OfServer - (Egress == 0 ? 0 : (2L * Egress) + EgressProxy.MostTold);

    private long EachSandbox => Egress == 0 ? OfSandbox : OfSandbox + 1;

    /// <summary>For the limit of this process, which the .NET runtime has raised to the hard limit. Source: getrlimit(2).</summary>
    public static DescriptorBudget OfThisProcess(int running, int sandboxes, int egress = 0) =>
        new(ResourceLimit.Own(Resource.OpenFiles), running, sandboxes, egress);
}
