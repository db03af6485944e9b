using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using Akka.Actor;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// Reads the frames of a concurrent child (runtimes/PROTOCOL.md) from the first run until the process ends, as a task beside the actor.
/// It tells the actor which run is over, and in the end how the process has ended. It never waits for a client.
/// </summary>
/// <param name="process">The sandbox.</param>
/// <param name="runs">The runs that are not over, by number; the actor adds them and removes them.</param>
/// <param name="sandbox">The actor.</param>
internal sealed class ConcurrentReader(ISandboxProcess process, ConcurrentDictionary<uint, ConcurrentRun> runs, IActorRef sandbox)
{
    private readonly ByteTail _leftOver = new(OutcomeClassifier.LogLimit);
    private EndFrame? _end;

    /// <summary>Reads. The task never faults.</summary>
    public async Task<ProcessEnded> RunAsync()
    {
        string? fault = null;
        try
        {
            await ZygotePipe.ReadUntilAsync(process.Output, frame => ValueTask.FromResult(Take(frame)));
        }
        catch (ProtocolException broken)
        {
            fault = broken.Message;
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or InvalidOperationException)
        {
            fault = $"its pipe failed: {broken.Message}";
        }

        return new ProcessEnded(_end, _end is null ? fault : null, _leftOver);
    }

    private bool Take(Frame frame)
    {
        if (frame.Type == FrameType.End)
        {
            _end = EndFrame.Parse(frame.Payload);
            return true;
        }

        if (frame.Type is FrameType.Ready || frame.Payload.Length < FrameWriter.NumberLength)
        {
            throw new ProtocolException($"a {frame.Type} frame without the number of a run");
        }

        Span<byte> bytes = stackalloc byte[FrameWriter.NumberLength];
        frame.Payload.Slice(0, FrameWriter.NumberLength).CopyTo(bytes);
        Take(frame.Type, BinaryPrimitives.ReadUInt32LittleEndian(bytes), frame.Payload.Slice(FrameWriter.NumberLength));
        return false;
    }

    private void Take(FrameType type, uint number, ReadOnlySequence<byte> payload)
    {
        if (number == 0)
        {
            foreach (var segment in payload)
            {
                _leftOver.Append(segment.Span);
            }
        }
        else if (type == FrameType.Heard)
        {
            sandbox.Tell(CancelHeard.Instance);
        }
        else if (runs.TryGetValue(number, out var run))
        {
            Take(type, run, payload);
        }
    }

    private void Take(FrameType type, ConcurrentRun run, ReadOnlySequence<byte> payload)
    {
        if (type == FrameType.Done)
        {
            sandbox.Tell(new RunDone(run, run.Report()));
            return;
        }

        if ((type == FrameType.Result ? run.Return(payload) : run.Print(type, payload)) is { } overLimit)
        {
            sandbox.Tell(new RunOverLimit(run, overLimit));
        }
    }
}
