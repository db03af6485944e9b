using System.Diagnostics;
using System.Text.Json;

namespace Faas.Bench.Limits;

/// <summary>What the machine takes for what no server can leave out, in microseconds; <c>limits.py</c> says how it is measured.</summary>
/// <param name="NewPage">To write to a new page of memory.</param>
/// <param name="SharedPageRead">To read, for the first time, a page that a fork shares with its parent.</param>
/// <param name="SharedPageWritten">To write to such a page.</param>
/// <param name="PythonFork">A bare Python's fork that runs hello, and its end.</param>
/// <param name="PythonForksASecond">The same by one bare Python on each processor, calls a second.</param>
/// <param name="ForkOfNodesSize">A fork as large as node's zygote that writes as many pages as a call does, and its end.</param>
/// <param name="Message">A byte to another process and back.</param>
/// <param name="RelayedMessage">The same to a process behind that one.</param>
internal sealed record MachineLimits(
    double NewPage,
    double SharedPageRead,
    double SharedPageWritten,
    double PythonFork,
    double PythonForksASecond,
    double ForkOfNodesSize,
    double Message,
    double RelayedMessage)
{
    private const string Python = "/usr/bin/python3";
    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "Limits", "limits.py");
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>Measures them, in some three seconds.</summary>
    /// <param name="stop">Ends it early.</param>
    public static MachineLimits Measure(CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-I", "-S", "-B", s_script]) { RedirectStandardOutput = true })!;
        using var ended = stop.Register(process.Kill);
        var told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        stop.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? Parse(told) : throw new BenchException($"{Python} {s_script} ended with {process.ExitCode}.");
    }

    /// <summary>What limits.py prints. Throws <see cref="JsonException"/>, also when a figure is missing.</summary>
    public static MachineLimits Parse(string json) => JsonSerializer.Deserialize<MachineLimits>(json, s_json)!;
}
