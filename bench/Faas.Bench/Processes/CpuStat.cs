using System.Globalization;

namespace Faas.Bench.Processes;

/// <summary>The kernel's cpu.stat. Source: Documentation/admin-guide/cgroup-v2.rst.</summary>
internal static class CpuStat
{
    private const string Usage = "usage_usec ";

    /// <summary>Microseconds of processor time; 0 when the file does not say.</summary>
    public static long Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(Usage, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(Usage.Length), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
