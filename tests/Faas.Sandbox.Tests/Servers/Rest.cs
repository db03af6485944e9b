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
        PoolCounts? pool = null;
        await Wire.EventuallyAsync(
            async () =>
            {
                pool = (await server.LookAsync()).Pool;
                var processes = server.Processes();
                return pool.IsAtRest && pool.Unused >= atLeast && processes.Count(process => process.IsZygote) == pool.Unused && processes.All(process => !process.IsOfInvocation);
            },
            within ?? TimeSpan.FromSeconds(20),
            () => $"{pool}; {string.Join(", ", server.Processes())}\n{server.Log}");
        return pool!;
    }
}
