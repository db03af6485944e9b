using System.Buffers;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>One frame. The payload is valid until the pipe that it was read from advances.</summary>
public readonly record struct Frame(FrameType Type, ReadOnlySequence<byte> Payload);
