using System.Globalization;

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

    /// <summary>True for the processes of a run; false for the zygote, for what it forks for a moment to compile, and for the child that it forked ahead of the next call.</summary>
    public bool IsOfInvocation => !IsZygote && Name is not ("faas-waiting" or "faas-zygote");

    /// <summary>All living processes of the given range of user ids, bubblewrap's own outer process left out.</summary>
    public static IReadOnlyList<SandboxedProcess> All(int firstUid, int endUid) => Where((_, uid) => uid >= firstUid && uid < endUid);

    /// <summary>The same of a server that is not root, whose sandboxes have its own user id: those in its cgroups.</summary>
    public static IReadOnlyList<SandboxedProcess> OfServer(int server) => Where((pid, _) => IsInCgroupOf(server, pid));

    /// <summary>Whether a process is in a cgroup or scope of a server's sandbox.</summary>
    public static bool IsInCgroupOf(int server, int pid)
    {
        var cgroups = File.ReadAllText($"/proc/{pid}/cgroup");
        return cgroups.Contains($"/faas/{server}-", StringComparison.Ordinal) || cgroups.Contains($"/faas-{server}-", StringComparison.Ordinal);
    }

    private static List<SandboxedProcess> Where(Func<int, int, bool> isOne)
    {
        var found = new List<SandboxedProcess>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                var status = File.ReadAllLines(Path.Combine(folder, "status"));
                var uid = int.Parse(Field(status, "Uid:")[0], CultureInfo.InvariantCulture);
                var pids = Field(status, "NSpid:");
                if (isOne(pid, uid) && pids.Length > 1 && Field(status, "State:")[0] != "Z")
                {
                    var command = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
                    found.Add(new SandboxedProcess(pid, int.Parse(pids[^1], CultureInfo.InvariantCulture), Field(status, "Name:")[0], command));
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // It ended while it was looked at.
            }
        }

        return found;
    }

    private static string[] Field(string[] status, string name) =>
        status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
