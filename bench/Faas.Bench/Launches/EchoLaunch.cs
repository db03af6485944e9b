using System.Diagnostics;
using System.Globalization;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;
using Faas.Bench.Ways;

namespace Faas.Bench.Launches;

/// <summary>`echo` in plain bubblewrap, and by the server's launch line with its last part replaced.</summary>
internal sealed class EchoLaunch : IDisposable
{
    private const string EndOfOptions = "--";

    // Within those of the bench's sandboxes, and above all that are in use.
    private const int UidOfEcho = 900;

    private static readonly string[] s_echo = ["/bin/echo", "up"];
    private readonly SandboxOptions _options;
    private readonly LaunchFolder _folder;
    private readonly ICgroups _cgroups;
    private readonly LaunchPlan _plan;
    private int _number;

    /// <summary>Lays ready what a server lays ready. Throws <see cref="SandboxStartException"/>.</summary>
    public EchoLaunch(SandboxOptions options)
    {
        _options = options;
        var files = RuntimeFiles.Find(options);
        var version = BubblewrapVersion.AskAsync(options.Bubblewrap, CancellationToken.None).GetAwaiter().GetResult();
        _folder = LaunchFolder.Make(files, authority: null);
        _cgroups = CgroupChoice.OpenAsync(options).GetAwaiter().GetResult();
        _plan = LaunchPlan.Of(options, files, version, _folder) with
        {
            Runtime = Runtime.Python,
            Zygote = _folder.PythonZygote,
            Uid = Environment.IsPrivilegedProcess ? options.FirstUid + UidOfEcho : null,
        };
    }

    /// <summary>In plain bubblewrap: until the word is there, and until the program has ended.</summary>
    public (TimeSpan Start, TimeSpan Whole) RunPlain()
    {
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(PlainBubblewrap.Start(_options.Bubblewrap, [], s_echo))!;
        return (Started(process, begun), Ended(process, begun));
    }

    /// <summary>By the launch line: the same, with the making and the removal of its cgroup.</summary>
    public (TimeSpan Start, TimeSpan Whole) RunHardened()
    {
        var begun = Stopwatch.GetTimestamp();
        var cgroup = _cgroups.Create(string.Create(CultureInfo.InvariantCulture, $"launch-{++_number}"));
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

    public void Dispose()
    {
        _folder.Dispose();
        _cgroups.DisposeAsync().AsTask().GetAwaiter().GetResult();
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
