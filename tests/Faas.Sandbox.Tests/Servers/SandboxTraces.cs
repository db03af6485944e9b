using Faas.Actors.Sandboxes.Cgroups;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>What servers have on this machine for their sandboxes' limits, whichever driver made it.</summary>
internal static class SandboxTraces
{
    /// <summary>The sandboxes that have cgroups, of servers whose identity starts so.</summary>
    public static IReadOnlyList<string> Sandboxes(string server) =>
        [.. Folders(server).SelectMany(Directory.GetDirectories).Select(folder => Path.GetFileName(folder)!).Distinct(), .. Scopes(server)];

    /// <summary>The directories and scopes of servers whose identity starts so.</summary>
    public static IReadOnlyList<string> All(string server) => [.. Folders(server), .. Scopes(server)];

    /// <summary>Of a server that was killed there is no process, no cgroup and no temporary file once the next one is up.</summary>
    public static void HasLeftNothing(this FaasServer dead)
    {
        Assert.Empty(dead.Processes());
        Assert.Empty(All($"{dead.Pid}-"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"*-{dead.Pid}-*"));
    }

    private static IEnumerable<string> Folders(string server)
    {
        var mounts = CgroupMounts.Own();
        return mounts.V1.Values.Append(mounts.V2)
            .Append(DelegatedSubtree.Find(mounts.V2, OwnCgroup.Read(), out _))
            .OfType<string>()
            .Distinct()
            .Select(subtree => Path.Combine(subtree, "faas"))
            .Where(Directory.Exists)
            .SelectMany(top => Directory.GetDirectories(top, $"{server}*"));
    }

    private static IEnumerable<string> Scopes(string server) => OwnCgroup.Read() is { HasSystemd: true, IsRoot: var isRoot }
        ? new Systemctl(isRoot)
            .ListAsync()
            .GetAwaiter()
            .GetResult()
            .Where(unit => ScopeName.ServerIn(unit)?.StartsWith(server, StringComparison.Ordinal) is true)
        : [];
}
