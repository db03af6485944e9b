using System.Diagnostics;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;

namespace Faas.Bench.Launches;

// Theory of operation. The launch line and plain bubblewrap both run `echo`, so that what is compared is the making and the taking
// down of the walls and nothing else: a sandbox has started when its word is there, which is what a caller waits for, and is gone
// when nothing of it is left. A fork has no other program to run than its runtime, which is warm: it has started when its zygote
// says READY, so it does more than `echo` does. All take turns.

/// <summary>What the start of each kind of sandbox costs beside plain bubblewrap.</summary>
/// <param name="echo">The launch line.</param>
/// <param name="fork">Starts forks; null: the server does not.</param>
internal sealed class LaunchOverhead(EchoLaunch echo, ISandboxLauncher? fork)
{
    /// <summary>Measures the start of each kind of sandbox.</summary>
    public IReadOnlyList<LaunchTimes> Measure(int pairs, CancellationToken stop)
    {
        List<Kind> kinds = [new("by exec, echo", false, echo.RunHardened)];
        if (fork is not null)
        {
            kinds.Add(new("by fork, node", true, () => Fork(fork, Runtime.Node)));
            kinds.Add(new("by fork, Python", true, () => Fork(fork, Runtime.Python)));
            kinds.ForEach(kind => kind.Run()); // the first of each waits for its mother
        }

        for (var pair = 0; pair < pairs; pair++)
        {
            stop.ThrowIfCancellationRequested();
            var plain = echo.RunPlain();
            kinds.ForEach(kind => kind.Add(plain));
        }

        return kinds.ConvertAll(kind => kind.Times);
    }

    private static (TimeSpan Start, TimeSpan Whole) Fork(ISandboxLauncher fork, Runtime runtime)
    {
        var begun = Stopwatch.GetTimestamp();
        var sandbox = fork.StartAsync(new ImageKey(runtime), CancellationToken.None).GetAwaiter().GetResult();
        TimeSpan start;
        try
        {
            ZygotePipe.ReadReadyAsync(sandbox.Output).GetAwaiter().GetResult();
            start = Stopwatch.GetElapsedTime(begun);
        }
        finally
        {
            sandbox.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return (start, Stopwatch.GetElapsedTime(begun));
    }

    private sealed record Kind(string Name, bool IsFork, Func<(TimeSpan Start, TimeSpan Whole)> Run)
    {
        private readonly List<(TimeSpan Plain, TimeSpan Ours)> _starts = [];
        private readonly List<(TimeSpan Plain, TimeSpan Ours)> _wholes = [];

        public LaunchTimes Times => new(Name, IsFork, PairedTimes.Of(_starts), PairedTimes.Of(_wholes));

        public void Add((TimeSpan Start, TimeSpan Whole) plain)
        {
            var ours = Run();
            _starts.Add((plain.Start, ours.Start));
            _wholes.Add((plain.Whole, ours.Whole));
        }
    }
}
