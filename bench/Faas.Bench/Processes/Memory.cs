namespace Faas.Bench.Processes;

/// <summary>Proportional set sizes of processes: a page that forks share counts once among them. Source: proc_pid_smaps(5).</summary>
internal static class Memory
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(25);

    /// <summary>Bytes of one process; 0 when it has ended.</summary>
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

    /// <summary>Does some work, and looks at memory again and again meanwhile; returns the most bytes seen at once.</summary>
    public static long PeakWhile(UsageGroup usage, Action work)
    {
        var peak = 0L;
        using var done = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            do
            {
                peak = Math.Max(peak, usage.Processes.Sum(Of));
            }
            while (!done.Wait(s_betweenLooks));
        });
        watch.Start();
        try
        {
            work();
        }
        finally
        {
            done.Set();
            watch.Join();
        }

        return peak;
    }

    /// <summary>The name of a process's program, to say whose memory it is.</summary>
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
    public static long Parse(IEnumerable<string> lines) => KernelFile.NumberOf("Pss:", lines) << 10;
}
