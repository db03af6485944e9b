using System.Buffers;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>The READY frame.</summary>
/// <param name="Protocol">The version of runtimes/PROTOCOL.md that the zygote speaks.</param>
/// <param name="Runtime">The name of the zygote's interpreter.</param>
/// <param name="Version">The interpreter's version.</param>
public sealed record ReadyFrame(int Protocol, string Runtime, string Version)
{
    /// <summary>The version of runtimes/PROTOCOL.md that the server speaks.</summary>
    public const int SpokenProtocol = 1;

    /// <summary>Reads the payload. Throws <see cref="ProtocolException"/>, also when the zygote speaks another version.</summary>
    public static ReadyFrame Parse(ReadOnlySequence<byte> payload)
    {
        var ready = FrameJson.Parse<ReadyFrame>(payload, "READY");
        return ready.Protocol == SpokenProtocol
            ? ready
            : throw new ProtocolException(
                $"the zygote speaks protocol {ready.Protocol}, the server {SpokenProtocol}: install both from the same release");
    }
}
