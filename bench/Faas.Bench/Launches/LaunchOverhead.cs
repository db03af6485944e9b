using System.Diagnostics;
using System.Globalization;
using Faas.Actors.Invocations;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launch;
using Faas.Bench.Ways;

namespace Faas.Bench.Launches;

// Theory of operation. Both lines run `true`, so that what is compared is the making and the taking down of the walls
// and nothing else. The hardened one is the server's own, from BubblewrapCommand, with its last part replaced; its time
// includes the cgroup's making and removal. Plain and hardened take turns.

/// <summary>What the hardening adds to the start of one sandbox: ours against plain bubblewrap.</summary>
internal sealed class LaunchOverhead : IDisposable
{
    private const string EndOfOptions = "--";
    private static readonly string[] s_true = ["/usr/bin/true"];
    private static readonly string[] s_rootNames = ["bin", "lib", "lib32", "lib64", "libx32", "sbin"];
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
        var roots = s_rootNames.Select(name => new DirectoryInfo($"/{name}")).Where(folder => folder.Exists).ToLookup(folder => folder.LinkTarget is not null);
        _folder = new LaunchFolder(files);
        _cgroups = CgroupChoice.Open(options);
        _plan = new LaunchPlan
        {
            Runtime = Runtime.Python,
            Bubblewrap = options.Bubblewrap,
            HasSize = version.HasSize,
            HasDisableUserns = version.HasDisableUserns,
            Uid = Environment.IsPrivilegedProcess ? options.FirstUid : null,
            ProcsFiles = [],
            Filter = _folder.Filter,
            Etc = _folder.Etc,
            Zygote = _folder.PythonZygote,
            Node = _folder.Node,
            Python = files.Python,
            UsrLinks = [.. roots[true].Select(folder => (folder.FullName, folder.LinkTarget!))],
            RootFolders = [.. roots[false].Select(folder => folder.FullName)],
            MemoryBytes = options.MemoryBytes,
            TmpBytes = options.TmpBytes,
            Pids = options.Pids,
        };
    }

    /// <summary>Measures so many pairs.</summary>
    public LaunchTimes Measure(int pairs, CancellationToken stop)
    {
        List<TimeSpan> plain = [], hardened = [];
        for (var pair = 0; pair < pairs; pair++)
        {
            stop.ThrowIfCancellationRequested();
            plain.Add(Timed(() => End(Process.Start(PlainBubblewrap.Start(_options.Bubblewrap, [], s_true))!)));
            hardened.Add(Timed(() => RunHardened(pair)));
        }

        return new LaunchTimes(pairs, Medians.Of(plain), Medians.Of(hardened), Medians.Of([.. hardened.Zip(plain, (ours, theirs) => ours - theirs)]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _folder.Dispose();
        _cgroups.Dispose();
    }

    private static TimeSpan Timed(Action launch)
    {
        var begun = Stopwatch.GetTimestamp();
        launch();
        return Stopwatch.GetElapsedTime(begun);
    }

    private void RunHardened(int pair)
    {
        var cgroup = _cgroups.Create(string.Create(CultureInfo.InvariantCulture, $"launch-{pair}"));
        try
        {
            var plan = _plan with { ProcsFiles = cgroup.ProcsFiles, Prefix = cgroup.Prefix.Command };
            var command = BubblewrapCommand.Build(plan).ToList();
            command.RemoveRange(command.LastIndexOf(EndOfOptions) + 1, command.Count - command.LastIndexOf(EndOfOptions) - 1);
            End(SandboxSpawn.Start([.. command, .. s_true], BubblewrapCommand.Limits(plan), cgroup.Prefix.Environment));
        }
        finally
        {
            cgroup.RemoveAsync().GetAwaiter().GetResult();
        }
    }

    private static void End(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.StandardOutput.Close();
            if (process.ExitCode != 0)
            {
                throw new BenchException($"`true` in {process.StartInfo.FileName} ended with {process.ExitCode}.");
            }
        }
    }
}
