using System.Globalization;

namespace Faas.Actors.Linux;

/// <summary>Reads /proc/PID/status (proc_pid_status(5)).</summary>
internal static class ProcStatus
{
    private const string Uids = "Uid:";

    /// <summary>The real user id of a process; null: the process is gone.</summary>
    public static long? UidOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(Uids, StringComparison.Ordinal));
            var real = line?[Uids.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0];
            return real is null ? null : long.Parse(real, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
