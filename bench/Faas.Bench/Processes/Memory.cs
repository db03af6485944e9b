using System.Globalization;

namespace Faas.Bench.Processes;

/// <summary>Memory of processes: their proportional set size, in which a page shared by forks counts once among them. Source: proc_pid_smaps(5).</summary>
internal static class Memory
{
    private const string Pss = "Pss:";

    /// <summary>Bytes of all of them; those that end meanwhile count as nothing.</summary>
    public static long Of(IEnumerable<int> pids) => pids.Sum(Of);

    /// <summary>Bytes of one.</summary>
    public static long Of(int pid)
    {
        try
        {
            return Parse(File.ReadLines($"/proc/{pid}/smaps_rollup"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The name of its program, as the kernel has it, to say whose memory it is.</summary>
    public static string NameOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (IOException)
        {
            return "ended meanwhile";
        }
    }

    /// <summary>Bytes by the lines of smaps_rollup.</summary>
    public static long Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(Pss, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
