using System.Buffers;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>One frame; its payload is valid until the pipe it was read from advances.</summary>
public readonly record struct Frame(FrameType Type, ReadOnlySequence<byte> Payload);
