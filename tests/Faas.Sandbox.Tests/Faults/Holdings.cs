namespace Faas.Sandbox.Tests.Faults;

/// <summary>What a server that nobody calls has on this machine.</summary>
internal sealed record Holdings(int Sandboxes, int Cgroups, int Zygotes, int Zombies, int TempFiles, int Descriptors, int Threads)
{
    /// <summary>What must be as it was, to the last one.</summary>
    public (int, int, int, int, int) Exact => (Sandboxes, Cgroups, Zygotes, Zombies, TempFiles);

    /// <summary>Waits until the server is at rest with so many sandboxes, and nothing else of any is alive; the test's own connections do not count.</summary>
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
                    SandboxTraces.Sandboxes($"{server.Pid}-").Count,
                    repose.Zygotes,
                    HostProcess.ZombiesOf(server.Pid),
                    Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"faas-*-{server.Pid}-*").Count(),
                    Directory.GetFiles($"/proc/{server.Pid}/fd").Length,
                    Directory.GetDirectories($"/proc/{server.Pid}/task").Length);
                return repose.IsWhole && (seen.Sandboxes, seen.Cgroups, seen.Zombies) == (spares, spares, 0);
            },
            TimeSpan.FromSeconds(60),
            () => $"it does not come to rest: {seen}; {repose}");
        return seen!;
    }
}
