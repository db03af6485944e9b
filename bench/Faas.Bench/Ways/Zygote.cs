using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>One sandbox, bound to a program (runtimes/PROTOCOL.md).</summary>
internal sealed class Zygote : IDisposable
{
    private readonly ISandboxProcess _process;
    private readonly Workload _workload;
    private readonly byte[] _input;
    private readonly Expectation _expectation;

    private Zygote(ISandboxProcess process, Workload workload)
    {
        (_process, _workload) = (process, workload);
        _input = Encoding.UTF8.GetBytes(workload.Input);
        _expectation = new Expectation(workload.Result, answer => answer);
    }

    public static async Task<Zygote> StartAsync(ISandboxLauncher launcher, ScriptCode code, Workload workload)
    {
        var process = await launcher.StartAsync(new ImageKey(code.Runtime), CancellationToken.None);
        await ZygotePipe.ReadReadyAsync(process.Output);
        FrameWriter.WriteProgram(process.Input, new ProgramFrame(code, Isolation.Process));
        return new Zygote(process, workload);
    }

    /// <summary>One call. Throws <see cref="CallFailedException"/>.</summary>
    public void Call()
    {
        try
        {
            CallAsync().GetAwaiter().GetResult();
        }
        catch (ProtocolException broken)
        {
            throw new CallFailedException(broken.Message);
        }
    }

    public void Dispose() => _process.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task CallAsync()
    {
        FrameWriter.WriteRun(_process.Input, _input);
        await _process.Input.FlushAsync();
        var result = new ResultAssembly(long.MaxValue);
        var printed = 0L;
        await ZygotePipe.ReadUntilAsync(_process.Output, frame =>
        {
            printed += frame.Type == FrameType.Stdout ? frame.Payload.Length : 0;
            _ = frame.Type != FrameType.Result || result.Append(frame.Payload);
            return ValueTask.FromResult(frame.Type == FrameType.End);
        });
        if (printed != (_workload.Printed?.Bytes ?? 0) || result.Message is not { Kind: 'V' } message)
        {
            throw new CallFailedException($"{printed} bytes were printed, and the result message is {result.Message?.Kind ?? '-'}");
        }

        _expectation.Check(message.Payload.Span);
    }
}
