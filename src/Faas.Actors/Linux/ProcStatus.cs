using System.Globalization;

namespace Faas.Actors.Linux;

/// <summary>What proc_pid_status(5) says of a process.</summary>
internal static class ProcStatus
{
    private const string Uids = "Uid:";

    /// <summary>Its real user id; null: there is no such process any more.</summary>
    public static long? UidOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(Uids, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line[Uids.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
