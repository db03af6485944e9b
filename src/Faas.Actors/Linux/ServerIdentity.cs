using System.Globalization;

namespace Faas.Actors.Linux;

/// <summary>
/// The name under which a server leaves things on the machine, <c>PID-TICK.NAMESPACE</c>: its pid, the tick at which it
/// started (field 22 of /proc/PID/stat), so that a later process with the same pid is not taken for it, and the pid
/// namespace in which that pid is its own (pid_namespaces(7)): nobody can tell from another one whether it still runs.
/// </summary>
internal static class ServerIdentity
{
    private const int StateAfterName = 0;
    private const int StartTimeAfterName = 19;
    private static readonly string s_namespace = new FileInfo("/proc/self/ns/pid").LinkTarget!.Trim("pid:[]".ToCharArray());

    /// <summary>This server's.</summary>
    public static string Own { get; } = Of(Environment.ProcessId)!;

    /// <summary>
    /// Whether the server of that name still runs, or may: one of another pid namespace is left alone. False for a dead one
    /// whose parent has not asked after it, and for what is no such name.
    /// </summary>
    public static bool IsAlive(string identity) =>
        int.TryParse(identity.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
        && (Of(pid) == identity || (NamespaceIn(identity) is { } other && other != s_namespace));

    /// <summary>Whether a part of a name is <c>TICK.NAMESPACE</c>.</summary>
    public static bool IsTick(string part) => part.Split('.') is [var tick, var space] && long.TryParse(tick, out _) && long.TryParse(space, out _);

    private static string? NamespaceIn(string identity) => identity.Split('-') is [_, var tick] && IsTick(tick) ? tick.Split('.')[1] : null;

    private static string? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var afterName = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return afterName[StateAfterName] is "Z" or "X" ? null : $"{pid}-{afterName[StartTimeAfterName]}.{s_namespace}";
        }
        catch (IOException)
        {
            return null;
        }
    }
}
