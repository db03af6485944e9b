using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Faas.Bench.Processes;

namespace Faas.Bench.Reports;

/// <summary>Where, when and of what a report was made: two lines at its top.</summary>
/// <param name="Commit">The checkout's commit, marked when files differ from it.</param>
/// <param name="Processors">How many, and which.</param>
/// <param name="Kernel">Its release.</param>
/// <param name="MemoryBytes">All of it.</param>
/// <param name="LoadBefore">The load averages of 1, 5 and 15 minutes when the run began.</param>
/// <param name="Begun">When it began.</param>
internal sealed record Conditions(
    string Commit, string Processors, string Kernel, long MemoryBytes, string LoadBefore, DateTimeOffset Begun)
{
    public TimeSpan Took { get; init; }

    /// <summary>The load averages at its end, the run's own load included.</summary>
    public string LoadAfter { get; init; } = "";

    private static string LoadNow => string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    /// <summary>Asks git and /proc, as a run begins.</summary>
    /// <param name="checkout">A folder of the checkout.</param>
    public static Conditions AtBegin(string checkout)
    {
        var isDirty = Git(checkout, "status", "--porcelain", "--untracked-files=no").Length > 0;
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var processor = model?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return new Conditions(
            Git(checkout, "rev-parse", "--short", "HEAD") + (isDirty ? " with changes" : ""),
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {processor}"),
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            KernelFile.NumberOf("MemTotal:", File.ReadLines("/proc/meminfo")) << 10,
            LoadNow,
            DateTimeOffset.Now);
    }

    public Conditions AtEnd() => this with { Took = DateTimeOffset.Now - Begun, LoadAfter = LoadNow };

    public override string ToString()
    {
        var memory = MemoryBytes / (double)(1L << 30);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Commit {Commit}; {Processors}, {memory:0.0} GiB, Linux {Kernel}; {Begun:yyyy-MM-dd HH:mm zzz}, {Took.TotalSeconds:0} s.
            Load average before: {LoadBefore}; after, the run's own load included: {LoadAfter}.

            """);
    }

    private static string Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true })!;
        var said = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0 ? said : "unknown";
    }
}
