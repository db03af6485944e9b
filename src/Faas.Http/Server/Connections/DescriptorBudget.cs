using Faas.Actors.Linux;

namespace Faas.Http.Server.Connections;

/// <summary>
/// How many connections fit under the process's limit of open files (RLIMIT_NOFILE, <c>ulimit -n</c>).
/// <para>
/// Theory of operation. Without a descriptor next to nothing works: no sandbox starts, nothing can be cleaned up, and the
/// .NET runtime itself may end with "Out of memory." when it wants to load an assembly. No code can be careful
/// enough for that, so it must not happen: what the server needs whatever comes is set aside at the start, and clients, who alone
/// decide how many descriptors they take, share the rest. An idle server has 240: the runtime keeps two open for each of
/// its 110 assemblies. A warm sandbox has 6: three pipes, three files of its cgroup.
/// </para>
/// </summary>
/// <param name="Limit">Descriptors that the process may have.</param>
/// <param name="PoolSize"><c>faas.pool.size</c>.</param>
public sealed record DescriptorBudget(long Limit, int PoolSize)
{
    /// <summary>What the server has for itself: assemblies, logs, Redis, compilers, and the temporary ones of sandboxes that start and end.</summary>
    public const int OfServer = 320;

    /// <summary>What each sandbox has in the server.</summary>
    public const int OfSandbox = 8;

    /// <summary>With room for fewer connections than these the server does not start.</summary>
    public const int FewestConnections = 16;

    /// <summary>The least limit under which the server starts.</summary>
    public long Needed => OfServer + ((long)OfSandbox * PoolSize) + FewestConnections;

    /// <summary>Why the server must not start, and what to do; null: it may.</summary>
    public string? Refusal => Limit >= Needed
        ? null
        : $"ulimit -n = {Limit}: too few open files (RLIMIT_NOFILE); with faas.pool.size = {PoolSize} the server needs {Needed}. "
            + $"Raise it: ulimit -n {Needed}, or LimitNOFILE={Needed} in its systemd unit, or --ulimit nofile={Needed} of its container; each connection beyond {FewestConnections} takes one more.";

    /// <summary>Connections that may be open at once, of those that the settings allow.</summary>
    public int Connections(int allowed) => (int)Math.Min(allowed, Limit - Needed + FewestConnections);

    /// <summary>With the limit of this process, which the runtime has raised as far as it may. Source: getrlimit(2).</summary>
    public static DescriptorBudget OfThisProcess(int poolSize) => new(ResourceLimit.Own(Resource.OpenFiles), poolSize);
}
