using System.Diagnostics;
using System.Text.Json;

namespace Faas.Bench.Limits;

/// <summary>What the machine takes for what no server can leave out; <c>limits.py</c> says how it is measured.</summary>
internal sealed record MachineLimits
{
    private const string Python = "/usr/bin/python3";
    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "Limits", "limits.py");

    /// <summary>To write to a new page of memory.</summary>
    public required TimeSpan NewPage { get; init; }

    /// <summary>To read, for the first time, a page that a fork shares with its parent.</summary>
    public required TimeSpan SharedPageRead { get; init; }

    /// <summary>To write to such a page.</summary>
    public required TimeSpan SharedPageWritten { get; init; }

    /// <summary>A bare Python's fork that runs hello, and its end.</summary>
    public required TimeSpan PythonFork { get; init; }

    /// <summary>The same by one bare Python on each processor, calls a second.</summary>
    public required double PythonForksASecond { get; init; }

    /// <summary>A fork that shares as much memory as node's zygote and writes as many of its pages as a call's, and its end.</summary>
    public required TimeSpan ForkOfNodesSize { get; init; }

    /// <summary>A byte to another process and back.</summary>
    public required TimeSpan Message { get; init; }

    /// <summary>The same to a process behind that one.</summary>
    public required TimeSpan RelayedMessage { get; init; }

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

    /// <summary>What limits.py says: an object of microseconds, and of calls a second. Throws <see cref="JsonException"/> and <see cref="KeyNotFoundException"/>.</summary>
    public static MachineLimits Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var told = document.RootElement;
        TimeSpan Time(string name) => TimeSpan.FromMicroseconds(told.GetProperty(name).GetDouble());
        return new MachineLimits
        {
            NewPage = Time("newPage"),
            SharedPageRead = Time("sharedPageRead"),
            SharedPageWritten = Time("sharedPageWritten"),
            PythonFork = Time("pythonFork"),
            PythonForksASecond = told.GetProperty("pythonForksASecond").GetDouble(),
            ForkOfNodesSize = Time("forkOfNodesSize"),
            Message = Time("message"),
            RelayedMessage = Time("relayedMessage"),
        };
    }
}
