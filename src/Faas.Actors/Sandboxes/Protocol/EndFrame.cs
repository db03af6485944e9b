using System.Buffers;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>The END frame: how the child ended, and what the run cost.</summary>
/// <param name="ExitCode">The child's exit status; null when a signal ended it.</param>
/// <param name="Signal">The number of the signal that ended the child; null when it exited.</param>
/// <param name="CpuMicroseconds">User and system time of all processes of the run.</param>
/// <param name="MaxRssBytes">The largest resident set among these processes.</param>
/// <param name="Last">The zygote takes no further run, because removing the files of this one takes too long.</param>
public sealed record EndFrame(int? ExitCode, int? Signal, long CpuMicroseconds, long MaxRssBytes, bool Last = false)
{
    /// <summary>Reads the payload; throws <see cref="ProtocolException"/>.</summary>
    public static EndFrame Parse(ReadOnlySequence<byte> payload)
    {
        var end = FrameJson.Parse<EndFrame>(payload, "END");
        return (end.ExitCode is null) == (end.Signal is null) || end.CpuMicroseconds < 0 || end.MaxRssBytes < 0
            ? throw new ProtocolException("an END frame without exactly one of exitCode and signal, or with a negative cost")
            : end;
    }
}
