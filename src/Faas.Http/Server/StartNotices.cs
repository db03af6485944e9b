using System.Net;
using Faas.Http.Configuration;
using Faas.Http.Server.Connections;

namespace Faas.Http.Server;

/// <summary>What the operator may not expect of the settings on this machine, a line each; printed before the start line.</summary>
public static class StartNotices
{
    /// <summary>The lines.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="budget">What the limit on descriptors leaves.</param>
    /// <param name="memory">The memory of the machine, or of the server's cgroup, in bytes.</param>
    public static IEnumerable<string> Of(FaasOptions options, DescriptorBudget budget, long memory)
    {
        var allowed = options.Http.Connections.Max;
        if (budget.Connections(allowed) is var connections && connections < allowed)
        {
            yield return
                $"Faas serves {connections} connections at once, not faas.http.connections.max = {allowed}: ulimit -n is {budget.Limit}";
        }

        if (budget.Sandboxes < budget.Wanted)
        {
            yield return
                $"Faas keeps {budget.Sandboxes} sandboxes at once, not faas.pool.sandboxes = {budget.Wanted}: ulimit -n is {budget.Limit}";
        }

        if (options.Sandbox.MemoryBytes > memory / options.Pool.Running)
        {
            yield return
                $"Faas may run out of memory: faas.pool.running = {options.Pool.Running} runs of up to faas.sandbox.memory = "
                + $"{options.Sandbox.MemoryBytes} bytes are more than the {memory} bytes that it has";
        }

        if (options.Http.Access.AllowAnonymous && !IPAddress.IsLoopback(options.Http.Address))
        {
            yield return
                $"Faas runs the code of every client that reaches {options.Http.Address}, without a key: faas.http.allow-anonymous = true";
        }
    }
}
