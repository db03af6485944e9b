using System.Text.RegularExpressions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>What a server that nobody calls has on this machine.</summary>
internal sealed partial record Holdings(
    int Sandboxes, int Cgroups, int Zygotes, int Zombies, int TempFiles, int Threads, IReadOnlyList<string> Descriptors)
{
    /// <summary>What must be as it was, to the last one.</summary>
    public (int, int, int, int, int) Exact => (Sandboxes, Cgroups, Zygotes, Zombies, TempFiles);

    /// <summary>
    /// Waits until the server is at rest with so many sandboxes, and nothing else of any is alive; the test's own connections do not count.
    /// </summary>
    public static async Task<Holdings> OfAsync(FaasServer server, int spares)
    {
        server.HangUp();
        Holdings? seen = null;
        Repose? repose = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                repose = await server.ReposeAsync();
                seen = new Holdings(
                    repose.Pool.Unused,
                    (await SandboxTraces.SandboxesAsync($"{server.Pid}-")).Count,
                    repose.Zygotes,
                    HostProcess.ZombiesOf(server.Pid),
                    Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"faas-*-{server.Pid}-*").Count(),
                    Directory.GetDirectories($"/proc/{server.Pid}/task").Length,
                    DescriptorsOf(server));
                return repose.IsWhole && (seen.Sandboxes, seen.Cgroups, seen.Zombies) == (spares, spares, 0);
            },
            TimeSpan.FromSeconds(60),
            () => $"it does not come to rest: {seen}; {repose}");
        return seen!;
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"{Sandboxes} sandboxes, {Cgroups} cgroups, {Zygotes} zygotes, {Zombies} zombies, {TempFiles} temporary files, {Threads} threads, "
        + $"{Descriptors.Count} descriptors: " + string.Join(
            ", ", Descriptors.GroupBy(target => Digits().Replace(target, "")).Select(kind => $"{kind.Count()} {kind.Key}").Order());

    /// <summary>What the server's descriptors lead to, but for assemblies: the runtime keeps each open from its first use on.</summary>
    public static IReadOnlyList<string> DescriptorsOf(FaasServer server) =>
        [.. HostProcess.DescriptorsOf($"{server.Pid}").Where(target => !IsOfTheRuntime(target))];

    private static bool IsOfTheRuntime(string target) => target.EndsWith(".dll", StringComparison.Ordinal);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
