using System.Diagnostics;
using System.Globalization;
using Faas.Actors.Linux;

namespace Faas.Actors.Storage.Embedded;

/// <summary>
/// Ends redis processes that still run in a data folder although no server supervises them: the child of a server
/// that was killed just before Redis had asked to die with it, or the AOF rewriter of a redis-server that died. They are
/// recognized by their working folder and program name; killing them loses no acknowledged write.
/// </summary>
internal static class LeftoverRedis
{
    private const int MaxCommLength = 15; // TASK_COMM_LEN - 1, proc(5)

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Kills them and waits until they are gone, on the calling thread. Returns the process ids.</summary>
    public static IReadOnlyList<int> End(string kernelPath, string executable)
    {
        var name = Path.GetFileName(executable);
        int[] leftovers = [.. ProcessIds().Where(id => IsRedisIn(id, kernelPath, name[..Math.Min(name.Length, MaxCommLength)]))];
        foreach (var id in leftovers)
        {
            Posix.Signal(id, Posix.SigKill);
        }

        var waited = Stopwatch.StartNew();
        while (leftovers.Any(id => IsRedisIn(id, kernelPath, name[..Math.Min(name.Length, MaxCommLength)])) && waited.Elapsed < s_patience)
        {
            Thread.Sleep(5);
        }

        return leftovers;
    }

    private static IEnumerable<int> ProcessIds() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0);

    /// <summary>False for a zombie as well: it has no working folder any more.</summary>
    private static bool IsRedisIn(int processId, string kernelPath, string comm)
    {
        try
        {
            return new FileInfo($"/proc/{processId}/cwd").LinkTarget == kernelPath
                && File.ReadAllText($"/proc/{processId}/comm").TrimEnd('\n') == comm;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // it ended meanwhile, or belongs to another user
        }
    }
}
