using System.Diagnostics;
using System.Globalization;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;
using Faas.Bench.Ways;

namespace Faas.Bench.Launches;

// Theory of operation. Both lines run `echo`, so that what is compared is the making and the taking down of the walls
// and nothing else: a sandbox has started when its word is there, which is what a caller waits for, and is gone when
// nothing of it is left. The hardened line is the server's own, from BubblewrapCommand, with its last part replaced; its
// times include the cgroup's making and removal. Plain and hardened take turns.

/// <summary>What the hardening adds to the start of one sandbox: ours against plain bubblewrap.</summary>
internal sealed class LaunchOverhead : IDisposable
{
    private const string EndOfOptions = "--";
    private static readonly string[] s_echo = ["/bin/echo", "up"];
    private readonly SandboxOptions _options;
    private readonly LaunchFolder _folder;
    private readonly ICgroups _cgroups;
    private readonly LaunchPlan _plan;

    /// <summary>Lays ready what a server lays ready. Throws <see cref="SandboxStartException"/>.</summary>
    public LaunchOverhead(SandboxOptions options)
    {
        _options = options;
        var files = RuntimeFiles.Find(options);
        var version = BubblewrapVersion.AskAsync(options.Bubblewrap, CancellationToken.None).GetAwaiter().GetResult();
        _folder = new LaunchFolder(files);
        _cgroups = CgroupChoice.OpenAsync(options).GetAwaiter().GetResult();
        _plan = LaunchPlan.Of(options, files, version, _folder) with
        {
            Runtime = Runtime.Python,
            Zygote = _folder.PythonZygote,
            Uid = Environment.IsPrivilegedProcess ? options.FirstUid : null,
        };
    }

    public LaunchTimes Measure(int pairs, CancellationToken stop)
    {
        List<(TimeSpan Plain, TimeSpan Hardened)> starts = [], wholes = [];
        for (var pair = 0; pair < pairs; pair++)
        {
            stop.ThrowIfCancellationRequested();
            var plain = RunPlain();
            var hardened = RunHardened(pair);
            starts.Add((plain.Start, hardened.Start));
            wholes.Add((plain.Whole, hardened.Whole));
        }

        return new LaunchTimes(pairs, PairedTimes.Of(starts), PairedTimes.Of(wholes));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _cgroups.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private (TimeSpan Start, TimeSpan Whole) RunPlain()
    {
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(PlainBubblewrap.Start(_options.Bubblewrap, [], s_echo))!;
        return (Started(process, begun), Ended(process, begun));
    }

    private (TimeSpan Start, TimeSpan Whole) RunHardened(int pair)
    {
        var begun = Stopwatch.GetTimestamp();
        var cgroup = _cgroups.Create(string.Create(CultureInfo.InvariantCulture, $"launch-{pair}"));
        TimeSpan start;
        try
        {
            var plan = _plan with { ProcsFiles = cgroup.ProcsFiles, Prefix = cgroup.Prefix.Command };
            var command = BubblewrapCommand.Build(plan);
            string[] line = [.. command.Take(command.ToList().LastIndexOf(EndOfOptions) + 1), .. s_echo];
            using var process = BubblewrapSpawn.Start(line, BubblewrapCommand.Limits(plan), cgroup.Prefix.Environment);
            start = Started(process, begun);
            Ended(process, begun);
        }
        finally
        {
            cgroup.RemoveAsync().GetAwaiter().GetResult();
        }

        return (start, Stopwatch.GetElapsedTime(begun));
    }

    private static TimeSpan Started(Process process, long begun)
    {
        process.StandardOutput.BaseStream.ReadByte();
        return Stopwatch.GetElapsedTime(begun);
    }

    private static TimeSpan Ended(Process process, long begun)
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.StandardOutput.Close();
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(begun)
            : throw new BenchException($"`echo` in {process.StartInfo.FileName} ended with {process.ExitCode}.");
    }
}
