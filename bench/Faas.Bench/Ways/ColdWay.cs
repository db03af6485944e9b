using System.Diagnostics;
using System.Text;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>go-faas's way: for each call bubblewrap, and in it the interpreter, started on the script; tsx for TypeScript.</summary>
internal sealed class ColdWay(RuntimeFiles files, string bubblewrap, string modules, UsageGroup own) : Way(WayNames.Cold, own), IDisposable
{
    private const string ScriptInside = "/script";
    private const string NodeInside = "/node";
    private const string ModulesInside = "/node_modules";
    private const int MostCallers = 8;
    private readonly string _folder = Directory.CreateTempSubdirectory("faas-cold-").FullName;

    public override bool IsSlow => true;

    /// <summary>Not 64 at once: 8 use all processors, and a round of 64 takes half a minute. No floods: no server is between.</summary>
    public override bool Serves(Workload workload, int callers) => callers <= MostCallers && !workload.IsFlood;

    public override IReadOnlyList<Caller> Open(Workload workload, int callers)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, workload.Path)).FullName;
        var name = ColdScript.NameOf(workload.Language);
        File.WriteAllText(Path.Combine(folder, name), ColdScript.TextOf(workload));
        var script = $"{ScriptInside}/{name}";
        return [.. Enumerable.Range(0, callers).Select(_ => CallerOf(Describe(workload.Language, folder, script), workload))];
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static Caller CallerOf(ProcessStartInfo start, Workload workload)
    {
        var input = Encoding.UTF8.GetBytes(workload.Input);
        var output = new MemoryStream();
        var expectation = new Expectation(workload.Result, answer => answer);
        return new Caller(() =>
        {
            output.SetLength(0);
            Run(start, input, output);
            Check(output.GetBuffer().AsSpan(0, (int)output.Length), workload, expectation);
        });
    }

    private static void Run(ProcessStartInfo start, byte[] input, MemoryStream output)
    {
        using var process = Process.Start(start)!;
        using (var stdin = process.StandardInput.BaseStream)
        {
            stdin.Write(input);
        }

        using (var stdout = process.StandardOutput.BaseStream)
        {
            stdout.CopyTo(output);
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new CallFailedException($"exit status {process.ExitCode}");
        }
    }

    // The result is the last line; what a script prints comes before it.
    private static void Check(ReadOnlySpan<byte> output, Workload workload, Expectation expectation)
    {
        var printed = output.Count((byte)'\n');
        if (workload.Printed is { } expected && printed < expected.Lines)
        {
            throw new CallFailedException($"{printed} lines");
        }

        var result = output.TrimEnd("\n"u8);
        expectation.Check(result[(result.LastIndexOf((byte)'\n') + 1)..]);
    }

    private ProcessStartInfo Describe(Language language, string folder, string script) => language switch
    {
        Language.JavaScript => PlainBubblewrap.Start(bubblewrap, [(folder, ScriptInside), (files.Node, NodeInside)], NodeInside, script),
        Language.TypeScript => PlainBubblewrap.Start(
            bubblewrap,
            [(folder, ScriptInside), (files.Node, NodeInside), (modules, ModulesInside)],
            NodeInside, $"{ModulesInside}/tsx/dist/cli.mjs", script),
        _ => PlainBubblewrap.Start(bubblewrap, [(folder, ScriptInside)], files.Python, script),
    };
}
