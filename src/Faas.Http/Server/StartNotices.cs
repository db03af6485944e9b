using System.Globalization;
using System.Net;
using Faas.Actors.Configuration;
using Faas.Actors.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Server.Connections;

namespace Faas.Http.Server;

/// <summary>What the operator may not expect of the settings on this machine, a line each; printed before the start line.</summary>
public static class StartNotices
{
    // An author may always ask for what a version gets that asks for nothing, so such a ceiling bounds nothing.
    private static IEnumerable<(string Ceiling, string Most, string Key, string Given)> BelowDefaults(
        SettingCeilings ceilings, SettingCeilings defaults) =>
        new[]
        {
            Pair(SettingCeilings.TimeoutKey, ceilings.Timeout, "timeout", defaults.Timeout, DurationText.Of),
            Pair(SettingCeilings.MemoryKey, ceilings.MemoryBytes, "memory", defaults.MemoryBytes, SizeText.Of),
            Pair(SettingCeilings.CpusKey, ceilings.Cpus, "cpus", defaults.Cpus, cpus => cpus.ToString(CultureInfo.InvariantCulture)),
            Pair(SettingCeilings.PidsKey, ceilings.Pids, "pids", defaults.Pids, pids => pids.ToString(CultureInfo.InvariantCulture)),
            Pair(SettingCeilings.TmpKey, ceilings.TmpBytes, "tmp-size", defaults.TmpBytes, SizeText.Of),
        }.OfType<(string, string, string, string)>();

    private static (string, string, string, string)? Pair<T>(string ceiling, T most, string key, T given, Func<T, string> text)
        where T : IComparable<T> =>
        most.CompareTo(given) < 0 ? (ceiling, text(most), $"faas.sandbox.{key}", text(given)) : null;

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

        foreach (var (ceiling, most, key, given) in BelowDefaults(options.Scripts.Ceilings, options.Sandbox.Defaults))
        {
            yield return $"Faas gives a version that asks for nothing {key} = {given}, although {ceiling} = {most} is less";
        }

        if (options.Http.Access.AllowAnonymous && !IPAddress.IsLoopback(options.Http.Address))
        {
            yield return
                $"Faas runs the code of every client that reaches {options.Http.Address}, without a key: faas.http.allow-anonymous = true";
        }
    }
}
