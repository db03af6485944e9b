using System.IO.Pipelines;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>Reads a zygote's frames from its pipe. A pipe has one reader at a time: first for READY, then for each run.</summary>
public static class ZygotePipe
{
    private const int LongRead = 256 << 10;

    /// <summary>
    /// Passes each frame to <paramref name="take"/> until that returns true. The pipe is not read while <paramref name="take"/> waits.
    /// Throws <see cref="ProtocolException"/> when bytes follow that last frame, when the pipe ends before it, or when a frame is wrong.
    /// </summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="take">Takes one frame; true: it was the last one.</param>
    /// <param name="onWait">Called each time the pipe is empty, before the reader waits for more bytes.</param>
    public static async Task ReadUntilAsync(PipeReader pipe, Func<Frame, ValueTask<bool>> take, Action? onWait = null)
    {
        long withoutWait = 0;
        while (true)
        {
            var reading = pipe.ReadAsync();
            if (!reading.IsCompleted)
            {
                withoutWait = 0;
            }
            else if (withoutWait > LongRead)
            {
                // This thread serves other pipes too. So a long read goes on on another thread.
                await Task.Yield();
                withoutWait = 0;
            }

            var read = await reading;
            var rest = read.Buffer;
            withoutWait += rest.Length;
            while (FrameReader.TryRead(ref rest, out var frame))
            {
                if (!await take(frame))
                {
                    continue;
                }

                if (!rest.IsEmpty)
                {
                    throw new ProtocolException($"{rest.Length} bytes after {frame.Type}");
                }

                pipe.AdvanceTo(rest.End);
                return;
            }

            if (read.IsCompleted)
            {
                throw new ProtocolException("the runtime ended");
            }

            pipe.AdvanceTo(rest.Start, rest.End);
            onWait?.Invoke();
        }
    }

    /// <summary>
    /// Waits for the zygote's first frame. Throws <see cref="ProtocolException"/> when it is not a READY of this protocol.
    /// </summary>
    public static async Task<ReadyFrame> ReadReadyAsync(PipeReader pipe)
    {
        ReadyFrame? ready = null;
        await ReadUntilAsync(pipe, frame =>
        {
            ready = frame.Type == FrameType.Ready
                ? ReadyFrame.Parse(frame.Payload)
                : throw new ProtocolException($"{frame.Type} instead of READY");
            return ValueTask.FromResult(true);
        });
        return ready!;
    }
}
