using System.IO.Pipelines;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>Reading a zygote's frames off its pipe. One reader at a time: whoever runs a run, and before it whoever waits for READY.</summary>
public static class ZygotePipe
{
    private const int LongRead = 256 << 10;

    /// <summary>
    /// Gives frames to <paramref name="take"/> until it returns true for one, which must then be the last that came.
    /// While it waits, the pipe is not read. Throws <see cref="ProtocolException"/> at anything else.
    /// </summary>
    /// <param name="pipe">Where frames come from.</param>
    /// <param name="take">Takes one frame.</param>
    /// <param name="onWait">Called when all that has come is taken and more is waited for.</param>
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
                // The thread that waits for this pipe waits for others, too: who has much to say says it on another one.
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

    /// <summary>Waits for the zygote's first frame; throws <see cref="ProtocolException"/> when it is not a READY of our protocol.</summary>
    public static async Task<ReadyFrame> ReadReadyAsync(PipeReader pipe)
    {
        ReadyFrame? answer = null;
        await ReadUntilAsync(pipe, frame =>
        {
            answer = frame.Type == FrameType.Ready ? ReadyFrame.Parse(frame.Payload) : throw new ProtocolException($"{frame.Type} instead of READY");
            return ValueTask.FromResult(true);
        });
        return answer!;
    }
}
