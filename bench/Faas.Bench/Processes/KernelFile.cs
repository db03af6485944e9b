using System.Globalization;

namespace Faas.Bench.Processes;

/// <summary>Files of the kernel that have a name and a number in each line: cpu.stat, smaps_rollup, meminfo.</summary>
internal static class KernelFile
{
    /// <summary>The number that is all of a file.</summary>
    public static long Number(string file) => long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);

    /// <summary>The number after a name, as the file has it; 0 when no line begins with that name.</summary>
    public static long NumberOf(string name, IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
