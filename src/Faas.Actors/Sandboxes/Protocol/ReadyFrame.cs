using System.Buffers;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>The READY frame.</summary>
/// <param name="Protocol">The version of runtimes/PROTOCOL.md that the zygote speaks.</param>
/// <param name="Runtime">Its interpreter.</param>
/// <param name="Version">The interpreter's version.</param>
public sealed record ReadyFrame(int Protocol, string Runtime, string Version)
{
    /// <summary>The version of runtimes/PROTOCOL.md that the server speaks.</summary>
    public const int SpokenProtocol = 1;

    /// <summary>Reads the payload; throws <see cref="ProtocolException"/> for a zygote of another version, too.</summary>
    public static ReadyFrame Parse(ReadOnlySequence<byte> payload)
    {
        var answer = FrameJson.Parse<ReadyFrame>(payload, "READY");
        return answer.Protocol == SpokenProtocol
            ? answer
            : throw new ProtocolException($"the zygote speaks protocol {answer.Protocol}, the server {SpokenProtocol}: install both from the same release");
    }
}
