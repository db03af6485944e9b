namespace Faas.Sandbox.Tests.Servers;

/// <summary>A server that nobody calls, as it should be.</summary>
internal static class Rest
{
    /// <summary>
    /// Waits until no call is in the pool, no sandbox starts, there are as many sandboxes as the pool says and at least
    /// <paramref name="atLeast"/>, and no process of a call is alive. Fails after <paramref name="within"/>, by default 20 s.
    /// </summary>
    public static async Task<PoolCounts> IsAtRestAsync(this FaasServer server, int atLeast = 0, TimeSpan? within = null)
    {
        Repose? seen = null;
        await Eventually.HoldsAsync(
            async () => (seen = await server.ReposeAsync()).IsWhole && seen.Pool.Unused >= atLeast,
            within ?? TimeSpan.FromSeconds(20),
            () => $"{seen}\n{server.Log}");
        return seen!.Pool;
    }

    /// <summary>Looks once.</summary>
    public static async Task<Repose> ReposeAsync(this FaasServer server) => new((await server.LookAsync()).Pool, server.Processes());
}

/// <summary>What a server and its sandboxes do just now.</summary>
internal sealed record Repose(PoolCounts Pool, IReadOnlyList<SandboxedProcess> Processes)
{
    /// <summary>Sandboxes that are alive.</summary>
    public int Zygotes => Processes.Count(process => process.IsZygote);

    /// <summary>Nothing: no call, no start, no process of a call, and as many sandboxes as the pool says.</summary>
    public bool IsWhole => Pool.IsAtRest && Zygotes == Pool.Unused && Processes.All(process => !process.IsOfInvocation);

    /// <inheritdoc />
    public override string ToString() => $"{Pool}; {string.Join(", ", Processes)}";
}
