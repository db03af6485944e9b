using System.Buffers;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Sandboxes;

// Theory of operation. One instance serves one run, as a task beside the actor. It writes the order to the zygote, reads frames up
// to END, and returns one report in every case. It does not know the deadline, the kill or the caller. It ends at END, when a limit
// is passed, or when the pipe ends, as the pipe does after a kill.

/// <summary>Sends one run to a zygote and reads the frames that come back.</summary>
/// <param name="process">The sandbox.</param>
/// <param name="run">The run.</param>
/// <param name="options">The limits on output and result.</param>
/// <param name="door">The sandbox's way out.</param>
/// <param name="live">Where lines go as they come; null: the output is kept for the outcome.</param>
/// <param name="onReturned">
/// Called with a returned value before END, when the caller needs nothing else; null: the value is only in the report.
/// </param>
/// <param name="binding">Sends the program, where the sandbox was bound before it got the run; null: it was not.</param>
internal sealed class RunReader(
    ISandboxProcess process,
    Run run,
    SandboxOptions options,
    SandboxDoor door,
    LiveOutput? live,
    Action<ResultData>? onReturned = null,
    Task? binding = null)
{
    private readonly ByteTail _stdout = new((int)(live is null ? options.OutputLimit : options.ResultLimit));
    private readonly ResultAssembly _result = new(options.ResultLimit);
    private readonly RunMask _mask = RunMask.Of(run.Secrets);
    private readonly LineFraming _stdoutLines = new(OutputStream.Stdout);
    private readonly LineFraming _stderrLines = new(OutputStream.Stderr);
    private OutFiles? _out; // null: the run gives back none
    private ResultData? _returned;
    private Outcome? _script;
    private bool _last;
    private string? _overLimit;

    /// <summary>The end of what the run prints.</summary>
    public RunLog Log { get; } = new(OutcomeClassifier.LogLimit);

    /// <summary>Runs it. The task never faults.</summary>
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
        catch (Exception refused) when (refused is LimitsNotSetException or LayerNotAttachedException or DoorNotOpenedException)
        {
            fault = refused.Message;
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or InvalidOperationException)
        {
            fault = $"its pipe failed: {broken.Message}";
        }

        door.Forget(run);
        await EndLinesAsync();
        return new RunReport(fault is null ? _script : null, _overLimit, _overLimit is null ? fault : null, Log.Bytes, _last, run.WithLogs);
    }

    private async Task SendAsync(bool bind)
    {
        if (binding is { IsCompletedSuccessfully: false })
        {
            await binding; // the program goes first
        }

        // Bytes that came before the order cannot belong to it.
        if (process.HasUnread)
        {
            throw new ProtocolException("bytes that no invocation asked for");
        }

        if (bind)
        {
            await process.MakeReadyForAsync(run, options, door);
            FrameWriter.WriteProgram(process.Input, ProgramFrame.Of(run, options));
        }

        if (run.Mode == RunMode.Check)
        {
            FrameWriter.WriteCheck(process.Input);
        }
        else
        {
            door.Admit(run);
            foreach (var file in run.Files)
            {
                await FrameWriter.SendFileAsync(process.Input, file);
            }

            if (run.Secrets is { } secrets)
            {
                FrameWriter.WriteSecrets(process.Input, secrets);
            }

            if (run.TraceParent is { } trace)
            {
                FrameWriter.WriteTrace(process.Input, trace);
            }

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
                await ShowHeldAsync();
                _script = WithFiles(ScriptOutcome.Of(_mask.Of(_result.Message), end, _stdout, _returned));
                _last = end.Last;
                return true;
            case FrameType.Out or FrameType.OutFile or FrameType.OutBytes or FrameType.OutRefused:
                TakeFile(frame);
                return false;
            default:
                throw new ProtocolException($"{frame.Type} during an invocation");
        }
    }

    private void TakeFile(Frame frame)
    {
        if (run.GivesFiles)
        {
            _out ??= new OutFiles(options.Out);
            _out.Take(frame);
        }
    }

    private Outcome WithFiles(Outcome outcome)
    {
        if (_out is null || outcome.Reason != Reason.Ok)
        {
            return outcome;
        }

        RunFile[] files = [.. _out.All.Select(_mask.Of)];
        return ScriptOutcome.WithFiles(outcome, _mask.Of(_out.Refusal) ?? OutFiles.WhySameName(files), files);
    }

    // Called when the pipe is empty. If END came together with the value, the whole outcome is just as early.
    private void TellReturned()
    {
        var wantsValue = onReturned is not null && _returned is null && live is null && !run.WithUsage && !run.WithLogs
            && _out is not { AreAnnounced: true };
        if (wantsValue && Returned(_mask.Of(_result.Message)) is { } data)
        {
            _returned = data;
            onReturned!(data);
        }
    }

    private static ResultData? Returned(ResultMessage? message) => message switch
    {
        { Kind: 'V' } value => ResultParser.FromJson(value.Payload),
        { Kind: 'B' } value => BytesData.FromJson(value.Payload),
        _ => null,
    };

    private async ValueTask PrintedAsync(Frame frame)
    {
        var stream = frame.Type == FrameType.Stdout ? OutputStream.Stdout : OutputStream.Stderr;
        await ShowAsync(stream, _mask.Print(stream, frame.Payload.ToArray()));
    }

    // What may have been the beginning of a secret's value is none.
    private async ValueTask ShowHeldAsync()
    {
        await ShowAsync(OutputStream.Stdout, _mask.End(OutputStream.Stdout));
        await ShowAsync(OutputStream.Stderr, _mask.End(OutputStream.Stderr));
    }

    private async ValueTask ShowAsync(OutputStream stream, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Log.Append(stream, bytes.Span);
        if (live is null)
        {
            OverLimitUnless(Log.Bytes.Total <= options.OutputLimit, "printed", options.OutputLimit);
        }

        if (stream == OutputStream.Stdout)
        {
            _stdout.Append(bytes.Span);
        }

        if (live is not null)
        {
            await EmitAsync((stream == OutputStream.Stdout ? _stdoutLines : _stderrLines).Append(bytes));
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
        if (_overLimit is null)
        {
            await ShowHeldAsync();
        }

        if (live is not null)
        {
            await EmitAsync(_stdoutLines.End().Concat(_stderrLines.End()));
            live.CompleteLines();
        }
    }

    // Throws, so that reading stops at the limit as it does at a protocol error.
    private void OverLimitUnless(bool within, string what, long limit)
    {
        if (!within)
        {
            _overLimit = $"The script {what} more than {limit} bytes.";
            throw new ProtocolException(_overLimit);
        }
    }
}
