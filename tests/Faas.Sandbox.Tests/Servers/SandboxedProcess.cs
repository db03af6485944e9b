namespace Faas.Sandbox.Tests.Servers;

/// <summary>A process that runs under a sandbox's host user id, as /proc shows it.</summary>
/// <param name="Pid">Host process id.</param>
/// <param name="Depth">Its pid inside the innermost namespace; 1 is the zygote.</param>
/// <param name="Name">What it calls itself, <c>comm</c>.</param>
/// <param name="Command">Its command line.</param>
public sealed record SandboxedProcess(int Pid, int Depth, string Name, string Command)
{
    /// <summary>True for the sandbox's own zygote.</summary>
    public bool IsZygote => Depth == 1;

    /// <summary>
    /// True for the processes of a run; false for the zygote, for what it forks for a moment to compile, and for the child that it forked
    /// ahead of the next call.
    /// </summary>
    public bool IsOfInvocation => !IsZygote && Name is not ("faas-waiting" or "faas-zygote");

    /// <summary>All living processes of the given range of user ids, bubblewrap's own outer process left out.</summary>
    public static IReadOnlyList<SandboxedProcess> All(int firstUid, int endUid) => Inside(HostProcess.Of(firstUid, endUid));

    /// <summary>The same of a server that is not root, whose sandboxes have its own user id: those in its cgroups.</summary>
    public static IReadOnlyList<SandboxedProcess> OfServer(int server) => Inside(HostProcess.OfServer(server));

    private static List<SandboxedProcess> Inside(IEnumerable<HostProcess> processes)
    {
        var found = new List<SandboxedProcess>();
        foreach (var process in processes.Where(process => process.IsInside))
        {
            try
            {
                var command = File.ReadAllText($"/proc/{process.Pid}/cmdline").Replace('\0', ' ');
                found.Add(new SandboxedProcess(process.Pid, process.PidInside, process.Name, command));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while it was looked at.
            }
        }

        return found;
    }
}
