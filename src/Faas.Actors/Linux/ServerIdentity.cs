using System.Globalization;

namespace Faas.Actors.Linux;

/// <summary>
/// The name that a server gives to what it makes on the machine: <c>PID-TICK.NAMESPACE</c>.
///
/// Theory of operation: a later server must be able to tell whether the server of a name still runs. The pid alone is not enough,
/// because a later process may have the same pid; so the name also holds the tick at which the process started (field 22 of
/// /proc/PID/stat). A pid means something only in its own pid namespace (pid_namespaces(7)), so the name holds that too. Whether a
/// process of another namespace runs cannot be seen, so its server counts as alive.
/// </summary>
internal static class ServerIdentity
{
    private const int StateAfterName = 0;
    private const int StartTimeAfterName = 19;
    private static readonly string s_namespace = new FileInfo("/proc/self/ns/pid").LinkTarget!.Trim("pid:[]".ToCharArray());

    /// <summary>The name of this server.</summary>
    public static string Own { get; } = Of(Environment.ProcessId)!;

    /// <summary>
    /// Whether the server of that name runs, or may run because it is of another pid namespace. False for a zombie, and for a text that is
    /// no such name.
    /// </summary>
    public static bool IsAlive(string identity) =>
        int.TryParse(identity.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
        && (Of(pid) == identity || (NamespaceIn(identity) is { } other && other != s_namespace));

    /// <summary>Whether a part of a name has the form <c>TICK.NAMESPACE</c>.</summary>
    public static bool IsTick(string part) =>
        part.Split('.') is [var tick, var space] && long.TryParse(tick, out _) && long.TryParse(space, out _);

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
