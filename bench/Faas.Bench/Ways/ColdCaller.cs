using System.Diagnostics;
using System.Text;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>Starts one process a call, gives it the event, reads what it prints, and waits for its end.</summary>
internal sealed class ColdCaller(ProcessStartInfo start, Workload workload) : ICaller
{
    private readonly byte[] _input = Encoding.UTF8.GetBytes(workload.Input);
    private readonly byte[] _buffer = new byte[64 << 10];
    private readonly WholeBody _output = new();
    private readonly Expectation _expectation = new(workload.Result, answer => answer);

    /// <inheritdoc/>
    public void Call()
    {
        _output.Begin();
        using var process = Process.Start(start)!;
        using (var stdin = process.StandardInput.BaseStream)
        {
            stdin.Write(_input);
        }

        using (var stdout = process.StandardOutput.BaseStream)
        {
            for (int count; (count = stdout.Read(_buffer)) > 0;)
            {
                _output.Take(_buffer.AsSpan(0, count));
            }
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new CallFailedException($"exit status {process.ExitCode}");
        }

        Check(_output.Bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Every call has ended its process.
    }

    // The result is the last line; what a script prints comes before it.
    private void Check(ReadOnlySpan<byte> output)
    {
        var printed = output.Count((byte)'\n');
        var result = output.TrimEnd("\n"u8);
        if (workload.Printed is { } expected && printed < expected.Lines)
        {
            throw new CallFailedException($"{printed} lines");
        }

        _expectation.Check(result[(result.LastIndexOf((byte)'\n') + 1)..]);
    }
}
