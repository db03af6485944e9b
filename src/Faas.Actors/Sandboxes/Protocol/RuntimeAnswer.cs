using System.Buffers;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>The READY frame.</summary>
/// <param name="Protocol">The version of runtimes/PROTOCOL.md that the zygote speaks.</param>
/// <param name="Runtime">Its interpreter.</param>
/// <param name="Version">The interpreter's version.</param>
public sealed record RuntimeAnswer(int Protocol, string Runtime, string Version)
{
    /// <summary>The version of runtimes/PROTOCOL.md that the server speaks.</summary>
    public const int SpokenProtocol = 1;

    /// <summary>Reads the payload; throws <see cref="ProtocolException"/> for a zygote of another version, too.</summary>
    public static RuntimeAnswer Parse(ReadOnlySequence<byte> payload)
    {
        var answer = ZygoteJson.Parse<RuntimeAnswer>(payload, "READY");
        return answer.Protocol == SpokenProtocol
            ? answer
            : throw new ProtocolException($"the zygote speaks protocol {answer.Protocol}, the server {SpokenProtocol}: install both from the same release");
    }
}
