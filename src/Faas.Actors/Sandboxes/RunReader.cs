using System.Buffers;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Sandboxes;

// Theory of operation. One instance serves one run, as a task beside the actor: it writes the request, reads
// frames until END, and hands back one report, whatever happens. It knows nothing of time, of kills or of who asked; it
// stops by itself at END, at a limit, or when the pipe ends, which is what a kill leads to.

/// <summary>Sends one run to a zygote and reads all that comes of it.</summary>
/// <param name="process">The zygote.</param>
/// <param name="run">What to run.</param>
/// <param name="options">The limits on its output and result.</param>
/// <param name="live">Where lines go as they come; null: they are kept for the answer.</param>
/// <param name="onReturned">Told of a returned value before the run is over, where that is all that its caller waits for; null: nobody wants to know.</param>
internal sealed class RunReader(ISandboxProcess process, Run run, SandboxOptions options, LiveOutput? live, Action<ResultData>? onReturned = null)
{
    private readonly ByteTail _stdout = new((int)(live is null ? options.OutputLimit : options.ResultLimit));
    private readonly ByteTail _logs = new(OutcomeClassifier.LogLimit);
    private readonly ResultAssembly _result = new(options.ResultLimit);
    private readonly LineFraming _stdoutLines = new(OutputStream.Stdout);
    private readonly LineFraming _stderrLines = new(OutputStream.Stderr);
    private ResultData? _returned;
    private Outcome? _script;
    private bool _last;
    private string? _overLimit;

    /// <summary>Runs it; never faults.</summary>
    /// <param name="bind">True: send the program first.</param>
    public async Task<RunReport> RunAsync(bool bind)
    {
        string? fault = null;
        try
        {
            await SendAsync(bind);
            await ZygotePipe.ReadUntilAsync(process.Output, TakeAsync, TellReturned);
        }
        catch (ProtocolException broken)
        {
            fault = broken.Message;
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or InvalidOperationException)
        {
            fault = $"its pipe failed: {broken.Message}";
        }

        await EndLinesAsync();
        return new RunReport(fault is null ? _script : null, _overLimit, _overLimit is null ? fault : null, _logs, _last);
    }

    private async Task SendAsync(bool bind)
    {
        // What came before the request is no answer to it.
        if (process.HasUnread)
        {
            throw new ProtocolException("bytes that no invocation asked for");
        }

        if (bind)
        {
            FrameWriter.WriteProgram(process.Input, run.Code, run.Isolation);
        }

        if (run.Mode == RunMode.Check)
        {
            FrameWriter.WriteCheck(process.Input);
        }
        else
        {
            FrameWriter.WriteRun(process.Input, run.Input.Span);
        }

        await process.Input.FlushAsync();
    }

    private async ValueTask<bool> TakeAsync(Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Stdout or FrameType.Stderr:
                await PrintedAsync(frame);
                return false;
            case FrameType.Result:
                OverLimitUnless(_result.Append(frame.Payload), "returned", options.ResultLimit);
                return false;
            case FrameType.End:
                var end = EndFrame.Parse(frame.Payload);
                _script = ScriptOutcome.Of(_result.Message, end, _stdout, _returned);
                _last = end.Last;
                return true;
            default:
                throw new ProtocolException($"{frame.Type} during an invocation");
        }
    }

    // Only if END has not come together with the value: the whole outcome is as early then.
    private void TellReturned()
    {
        if (onReturned is not null && _returned is null && live is null && !run.WithUsage && _result.Message is { Kind: 'V' } value && ResultParser.FromJson(value.Payload) is { } data)
        {
            _returned = data;
            onReturned(data);
        }
    }

    private async ValueTask PrintedAsync(Frame frame)
    {
        var bytes = frame.Payload.ToArray();
        _logs.Append(bytes);
        if (live is null)
        {
            OverLimitUnless(_logs.Total <= options.OutputLimit, "printed", options.OutputLimit);
        }

        var stdout = frame.Type == FrameType.Stdout;
        if (stdout)
        {
            _stdout.Append(bytes);
        }

        if (live is not null)
        {
            await EmitAsync((stdout ? _stdoutLines : _stderrLines).Append(bytes));
        }
    }

    private async ValueTask EmitAsync(IEnumerable<OutputEvent> lines)
    {
        foreach (var batch in lines.Chunk(LiveOutput.BatchLines))
        {
            await live!.WriteAsync(batch);
        }
    }

    private async Task EndLinesAsync()
    {
        if (live is not null)
        {
            await EmitAsync(_stdoutLines.End().Concat(_stderrLines.End()));
            live.CompleteLines();
        }
    }

    // Reading stops here, for the same reason for which everything after a protocol error is worthless.
    private void OverLimitUnless(bool within, string what, long limit)
    {
        if (!within)
        {
            _overLimit = $"The script {what} more than {limit} bytes.";
            throw new ProtocolException(_overLimit);
        }
    }
}
