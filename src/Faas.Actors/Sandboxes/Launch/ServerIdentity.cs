using System.Globalization;

namespace Faas.Actors.Sandboxes.Launch;

/// <summary>
/// The name under which a server leaves things on the machine: its pid and the tick at which it started (field 22 of
/// /proc/PID/stat), so that a later process with the same pid is not taken for it.
/// </summary>
internal static class ServerIdentity
{
    private const int StateAfterName = 0;
    private const int StartTimeAfterName = 19;

    /// <summary>This server's.</summary>
    public static string Own { get; } = Of(Environment.ProcessId)!;

    /// <summary>Whether the server of that name still runs; false for a dead one whose parent has not asked after it, and for what is no such name.</summary>
    public static bool IsAlive(string identity) =>
        int.TryParse(identity.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Of(pid) == identity;

    private static string? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var afterName = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return afterName[StateAfterName] is "Z" or "X" ? null : $"{pid}-{afterName[StartTimeAfterName]}";
        }
        catch (IOException)
        {
            return null;
        }
    }
}
