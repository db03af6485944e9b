using System.Buffers;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// One of several runs in one process: what the sandbox's actor knows of it, and what was read of it.
///
/// Theory of operation: the reader of the connection never waits, because it reads for all runs. So what a client has not taken of a
/// stream is held here, up to the limit on output, and a run whose client falls back further ends by that limit. The reader adds bytes
/// while the actor may abandon the run, so a lock guards them.
/// </summary>
internal sealed class ConcurrentRun(uint number, Lease lease, SandboxOptions options, KernelCounters before, TimeSpan since)
{
    private readonly ByteTail _stdout = new((int)(lease.Run.Stream ? options.ResultLimit : options.OutputLimit));
    private readonly ResultAssembly _result = new(options.ResultLimit);
    private readonly LineFraming _stdoutLines = new(OutputStream.Stdout);
    private readonly LineFraming _stderrLines = new(OutputStream.Stderr);
    private readonly RunMask _mask = RunMask.Of(lease.Run.Secrets);
    private readonly Lock _gate = new();
    private volatile bool _isAbandoned;

    /// <summary>Its number in the frames; never 0.</summary>
    public uint Number => number;

    /// <summary>What the pool sent.</summary>
    public Lease Lease => lease;

    /// <summary>When it began.</summary>
    public TimeSpan Since => since;

    /// <summary>What the kernel had counted for the whole sandbox by then; nothing where the reply does not tell the cost.</summary>
    public KernelCounters Before => before;

    /// <summary>Where lines go as they come; null: the output is kept for the outcome.</summary>
    public LiveOutput? Live { get; } = lease.Run.Stream ? new LiveOutput(options.OutputLimit) : null;

    /// <summary>The end of what it prints.</summary>
    public RunLog Log { get; } = new(OutcomeClassifier.LogLimit);

    /// <summary>Whether its caller has got an outcome, though the code may still run.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>Its caller gets nothing more of it than what was read so far, which is returned.</summary>
    public RunReport Abandon()
    {
        lock (_gate)
        {
            EndLines();
            _isAbandoned = true;
            return new RunReport(null, null, null, Log.Bytes);
        }
    }

    /// <summary>Takes what the run has printed. The limit that was passed, in one line; null: none was.</summary>
    public string? Print(FrameType stream, ReadOnlySequence<byte> payload)
    {
        lock (_gate)
        {
            return _isAbandoned ? null : PrintLocked(stream, payload);
        }
    }

    private string? PrintLocked(FrameType type, ReadOnlySequence<byte> payload)
    {
        var stream = type == FrameType.Stdout ? OutputStream.Stdout : OutputStream.Stderr;
        var isWithin = Show(stream, _mask.Print(stream, payload.ToArray()));
        return isWithin ? null
            : Live is null ? Over("printed", options.OutputLimit)
            : $"The script printed {options.OutputLimit} bytes more than its client has read.";
    }

    /// <summary>Takes bytes of the result message. The limit that was passed, in one line; null: none was.</summary>
    public string? Return(ReadOnlySequence<byte> payload) =>
        _isAbandoned || _result.Append(payload) ? null : Over("returned", options.ResultLimit);

    /// <summary>The run is over: what it did.</summary>
    public RunReport Report()
    {
        EndLines();
        var message = _isAbandoned ? null : _mask.Of(_result.Message);
        var endsProcess = message?.Kind == 'X' && lease.Run.Code.Runtime == Runtime.Node; // in Python it ends the run alone
        return new RunReport(_isAbandoned ? Outcome.Cancelled : OfMessage(message), null, null, Log.Bytes, endsProcess, lease.Run.WithLogs);
    }

    /// <summary>The process has ended before the run: what is known of the run.</summary>
    /// <param name="script">How the process ended; null: END did not come.</param>
    /// <param name="fault">What was wrong with the frames; null: nothing.</param>
    /// <param name="leftOver">What the process has printed that belongs to no run.</param>
    public RunReport Broken(Outcome? script, string? fault, ByteTail leftOver)
    {
        EndLines();
        Log.Append(OutputStream.Stderr, _mask.Text(leftOver.Read()).Span); // a runtime writes its last words there
        return new RunReport(script, null, fault, Log.Bytes);
    }

    private Outcome OfMessage(ResultMessage? message) =>
        message is { Kind: 'X' } exit && int.TryParse(exit.Payload.Span, out var status) && status is >= 0 and <= 255
            ? ScriptOutcome.Of(null, new EndFrame(status, null, 0, 0), _stdout)
            : ScriptOutcome.Of(message ?? new ResultMessage('?', default), new EndFrame(0, null, 0, 0), _stdout);

    private bool Show(OutputStream stream, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return true;
        }

        Log.Append(stream, bytes.Span);
        if (stream == OutputStream.Stdout)
        {
            _stdout.Append(bytes.Span);
        }

        return Live is null
            ? Log.Bytes.Total <= options.OutputLimit
            : Emit((stream == OutputStream.Stdout ? _stdoutLines : _stderrLines).Append(bytes));
    }

    private void EndLines()
    {
        if (_isAbandoned)
        {
            return;
        }

        Show(OutputStream.Stdout, _mask.End(OutputStream.Stdout));
        Show(OutputStream.Stderr, _mask.End(OutputStream.Stderr));
        if (Live is not null)
        {
            Emit(_stdoutLines.End().Concat(_stderrLines.End()));
        }
    }

    private bool Emit(IEnumerable<OutputEvent> lines)
    {
        var isWithin = true;
        foreach (var batch in lines.Chunk(LiveOutput.BatchLines))
        {
            isWithin &= Live!.TryWrite(batch);
        }

        return isWithin;
    }

    private static string Over(string what, long limit) => $"The script {what} more than {limit} bytes.";
}
