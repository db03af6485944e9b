
namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>What the script's process said about its own end. A script can forge it, but only for itself.</summary>
/// <param name="Kind">The message's first byte: <c>V</c>, <c>N</c>, <c>E</c> or <c>S</c> when it is honest.</param>
/// <param name="Payload">What follows the header.</param>
public sealed record ResultMessage(char Kind, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Bytes in front of the payload: the kind, and the length as a little-endian u32.</summary>
    public const int HeaderLength = 5;

    /// <summary>The longest error in bytes: a message and a stack of 64 KiB each, escaped as JSON at its worst, and a name.</summary>
    public const int MaxErrorLength = 1 << 20;
}
