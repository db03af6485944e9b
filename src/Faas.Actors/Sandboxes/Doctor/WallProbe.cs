using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>
/// The doctor: tries every wall on this machine, in sandboxes like those of the pool. It starts one sandbox of each runtime, side by
/// side, and runs a script in each that reports what it can do. A last script takes more memory than it may.
/// </summary>
public sealed class WallProbe(ISandboxLauncher launcher, SandboxOptions options)
{
    private const string NodeScript = "return { pid: process.pid };";
    private const int StartsItMayTake = 3;
    private const long TrialMemory = 64L << 20;
    private readonly TimeSpan _patience = options.StartTimeout * StartsItMayTake;

    /// <summary>The Python script that tries the walls: <c>walls.py</c>.</summary>
    public static string PythonScript { get; } = ReadScript();

    /// <summary>Returns one check for each wall, in a fixed order. Throws only when it is cancelled.</summary>
    public async Task<IReadOnlyList<WallCheck>> RunAsync(CancellationToken cancellation)
    {
        var node = TryAsync(Runtime.Node, ProbeNodeAsync, cancellation);
        var python = TryAsync(Runtime.Python, ProbePythonAsync, cancellation);
        await Task.WhenAll(python, node); // waits for both even when one is cancelled, so that no sandbox is left
        return [.. await python, .. await node];
    }

    private async Task<IReadOnlyList<WallCheck>> TryAsync(
        Runtime runtime, Func<ISandboxProcess, Task<IReadOnlyList<WallCheck>>> probe, CancellationToken cancellation)
    {
        var wall = $"{Name(runtime)} sandbox";
        try
        {
            await using var sandbox = await launcher.StartAsync(new ImageKey(runtime), cancellation);
            try
            {
                var ready = await ZygotePipe.ReadReadyAsync(sandbox.Output).WaitAsync(options.StartTimeout, cancellation);
                var up = WallCheck.Stands(wall, $"{ready.Runtime} {ready.Version}");
                return [up, .. await probe(sandbox).WaitAsync(_patience, cancellation)];
            }
            catch (ProtocolException broken)
            {
                sandbox.Kill();
                return [Broken(wall, broken.Message, await sandbox.Exited.WaitAsync(_patience, cancellation))];
            }
            finally
            {
                sandbox.Kill();
            }
        }
        catch (TimeoutException)
        {
            return [WallCheck.Missing(
                wall,
                $"it did not answer within faas.sandbox.start-timeout ({options.StartTimeout.TotalSeconds} s)",
                "look at what else the machine does, or raise faas.sandbox.start-timeout")];
        }
        catch (SandboxStartException refused)
        {
            return [WallCheck.Missing(wall, ProcessLimit.Explain(refused.Message), "")];
        }
    }

    private async Task<IReadOnlyList<WallCheck>> ProbeNodeAsync(ISandboxProcess sandbox)
    {
        var outcome = await RunAsync(sandbox, Language.JavaScript, NodeScript, "{}", Isolation.Sandbox, bind: true);
        return [outcome.Data is { } data && Read<NodeFacts>(data).Pid > 1
            ? WallCheck.Stands("node forks", "each call is a process of its own")
            : Failed("node forks", outcome)];
    }

    private async Task<IReadOnlyList<WallCheck>> ProbePythonAsync(ISandboxProcess sandbox)
    {
        var limits = JsonSerializer.Serialize(new { cpus = options.Cpus, pids = options.Pids });
        var outcome = await RunAsync(sandbox, Language.Python, PythonScript, limits, Isolation.Process, bind: true);
        if (outcome.Data is not { } data)
        {
            return [Failed("python forks", outcome)];
        }

        IReadOnlyList<WallCheck> seen = [WallRules.HostUser(sandbox.HostUid), .. WallRules.Judge(Read<WallFacts>(data), options)];
        if (options.AllowUnlimited)
        {
            return [.. seen, WallRules.Memory(Reason.Ok, options)]; // without a limit, the hog could take the machine's memory
        }

        // The same limit, moved down: the trial must not need half a terabyte to show that one holds.
        var limit = Math.Min(options.MemoryBytes, TrialMemory);
        if (limit < options.MemoryBytes)
        {
            sandbox.LowerMemory(limit);
        }

        var tooMuch = $$"""{"hog":{{limit + (limit / 2)}}}""";
        var hog = await RunAsync(sandbox, Language.Python, PythonScript, tooMuch, Isolation.Process, bind: false);
        return [.. seen, WallRules.Memory(hog.Reason, options)];
    }

    private async Task<Outcome> RunAsync(
        ISandboxProcess sandbox, Language language, string source, string input, Isolation isolation, bool bind)
    {
        var run = new Run(
            "doctor",
            Run.RunNowQueue,
            ScriptCode.Of(language, source),
            RunMode.Execute,
            isolation,
            Encoding.UTF8.GetBytes(input),
            Stream: false);
        var before = sandbox.Counters;
        var report = await new RunReader(sandbox, run, options, new SandboxDoor(proxy: null), null).RunAsync(bind);
        return OutcomeClassifier.Classify(report, null, sandbox.Counters.Since(before), null);
    }

    private static WallCheck Failed(string wall, Outcome outcome) =>
        WallCheck.Missing(
            wall,
            ProcessLimit.Explain(ScriptOutcome.OneLine($"the probe ended with {outcome.Reason.ToWire()}: {outcome.Detail} {outcome.Logs}")),
            "read what it says");

    private static WallCheck Broken(string wall, string what, SandboxExit exit) => WallCheck.Missing(
        wall,
        ProcessLimit.Explain(ScriptOutcome.OneLine($"{what} (status {exit.ExitCode}). {exit.Stderr}")),
        NamespaceRemedy.For(exit.Stderr, NamespaceRemedy.ReadFile) ?? "read what it says");

    private static T Read<T>(ResultData data) => JsonSerializer.Deserialize<T>(data.Json.Span, JsonSerializerOptions.Web)!;

    private static string Name(Runtime runtime) => runtime == Runtime.Python ? "python" : "node";

    private static string ReadScript()
    {
        using var resource = typeof(WallProbe).Assembly.GetManifestResourceStream(typeof(WallProbe), "walls.py")!;
        using var text = new StreamReader(resource);
        return text.ReadToEnd();
    }

    private sealed record NodeFacts(int Pid);
}
