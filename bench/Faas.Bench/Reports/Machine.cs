using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Faas.Bench.Reports;

/// <summary>Where and of what a report was made.</summary>
/// <param name="Commit">The checkout's commit, marked when files differ from it.</param>
/// <param name="Processors">How many, and which.</param>
/// <param name="Kernel">Its release.</param>
/// <param name="MemoryBytes">All of it.</param>
/// <param name="LoadBefore">The load averages of 1, 5 and 15 minutes when the run began.</param>
internal sealed record Machine(string Commit, string Processors, string Kernel, long MemoryBytes, string LoadBefore)
{
    /// <summary>Asks git and /proc.</summary>
    /// <param name="checkout">A folder of the checkout.</param>
    public static Machine Look(string checkout)
    {
        var dirty = Git(checkout, "status", "--porcelain", "--untracked-files=no").Length > 0;
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        return new Machine(
            Git(checkout, "rev-parse", "--short", "HEAD") + (dirty ? " with changes" : ""),
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {model}"),
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            long.Parse(memory.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10,
            LoadNow);
    }

    /// <summary>The load averages of 1, 5 and 15 minutes.</summary>
    public static string LoadNow => string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    private static string Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true })!;
        var said = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0 ? said : "unknown";
    }
}
