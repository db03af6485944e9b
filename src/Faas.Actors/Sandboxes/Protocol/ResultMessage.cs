namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>
/// The child's own report of how the script ended. A script can forge the message, but only for its own run.
/// </summary>
/// <param name="Kind">
/// The first byte: V (value), B (bytes), N (no value), E (error) or S (syntax error), or any other when it is forged.
/// </param>
/// <param name="Payload">The bytes after the header.</param>
public sealed record ResultMessage(char Kind, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The bytes in front of the payload: the kind, and the length of the payload as a little-endian u32.</summary>
    public const int HeaderLength = 5;

    /// <summary>
    /// The most bytes that an error may have: a name, and a message and a stack of 64 KiB each in the longest JSON escapes.
    /// </summary>
    public const int MaxErrorLength = 1 << 20;
}
