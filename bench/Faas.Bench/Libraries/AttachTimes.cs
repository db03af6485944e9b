using System.Diagnostics;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Faas.Bench.Launches;
using Faas.Bench.Load;
using Faas.Http.Configuration;

namespace Faas.Bench.Libraries;

/// <summary>How long the server's own code takes to show a layer to a sandbox that is ready, without a server around it.</summary>
internal static class AttachTimes
{
    private const int Sandboxes = 50;

    /// <summary>The times; the first, which .NET compiles for, is left out.</summary>
    /// <param name="layer">The folder of a layer's files.</param>
    /// <param name="stop">Ends it early.</param>
    public static Durations Measure(string layer, CancellationToken stop)
    {
        var options = FaasConfiguration.Load(Path.GetTempPath(), AppContext.BaseDirectory, new Dictionary<string, string>());
        using var launchers = new SandboxLaunchers(options.Sandbox with { FirstUid = 4_000_000 + (Environment.ProcessId % 10_000 * 1000) });
        var times = new Durations();
        for (var number = 0; number <= Sandboxes; number++)
        {
            stop.ThrowIfCancellationRequested();
            var sandbox = launchers.Fork.StartAsync(new ImageKey(Runtime.Python), stop).GetAwaiter().GetResult();
            try
            {
                ZygotePipe.ReadReadyAsync(sandbox.Output).GetAwaiter().GetResult();
                var begun = Stopwatch.GetTimestamp();
                sandbox.AttachAsync(layer).GetAwaiter().GetResult();
                var took = Stopwatch.GetElapsedTime(begun);
                if (number > 0)
                {
                    times.Add(took);
                }
            }
            finally
            {
                sandbox.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }

        return times;
    }
}
