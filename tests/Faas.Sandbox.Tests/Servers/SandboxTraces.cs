using Faas.Actors.Sandboxes.Cgroups;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>What the drivers have made on this machine for the limits of servers' sandboxes.</summary>
internal static class SandboxTraces
{
    private const string Mother = "mother.";

    /// <summary>The names of the sandboxes that have cgroups.</summary>
    /// <param name="server">The beginning of their server's identity.</param>
    public static async Task<IReadOnlyList<string>> SandboxesAsync(string server)
    {
        var sandboxes = (await FoldersAsync(server)).SelectMany(Directory.GetDirectories).Select(folder => Path.GetFileName(folder)!);
        return [.. sandboxes.Concat(await ScopesAsync(server)).Where(name => !name.Contains(Mother, StringComparison.Ordinal)).Distinct()];
    }

    /// <summary>The directories and scopes.</summary>
    /// <param name="server">The beginning of their server's identity.</param>
    public static async Task<IReadOnlyList<string>> AllAsync(string server) =>
        [.. await FoldersAsync(server), .. await ScopesAsync(server)];

    /// <summary>Checks that a killed server has no process, no cgroup and no temporary file, once the next server is up.</summary>
    public static async Task HasLeftNothingAsync(this FaasServer dead)
    {
        Assert.Empty(dead.Processes());
        Assert.Empty(Environment.IsPrivilegedProcess ? HostProcess.Of(dead.FirstUid, dead.FirstUid + 1) : []); // its mothers
        Assert.Empty(await AllAsync($"{dead.Pid}-"));
        // Not those of an earlier process with the same id, which somebody else has killed.
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"*-{dead.Pid}-*"),
            path => File.GetLastWriteTimeUtc(path) >= dead.StartedAt);
    }

    private static async Task<IEnumerable<string>> FoldersAsync(string server)
    {
        var mounts = CgroupMounts.Own();
        var delegated = await DelegatedSubtree.FindAsync(mounts.V2, OwnCgroup.Read());
        return mounts.V1.Values.Append(mounts.V2).Append(delegated.Value).OfType<string>().Distinct()
            .Select(subtree => Path.Combine(subtree, "faas"))
            .Where(Directory.Exists)
            .SelectMany(top => Directory.GetDirectories(top, $"{server}*"));
    }

    private static async Task<IEnumerable<string>> ScopesAsync(string server) =>
        OwnCgroup.Read() is { HasSystemd: true, IsRoot: var isRoot }
        ? (await new Systemctl(isRoot).ListAsync())
            .Where(unit => ScopeName.ServerIn(unit)?.StartsWith(server, StringComparison.Ordinal) is true)
        : [];
}
