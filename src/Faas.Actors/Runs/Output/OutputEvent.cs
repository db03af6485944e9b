using Akka.Actor;

namespace Faas.Actors.Runs.Output;

/// <summary>What a streaming run emits: any number of lines, and then exactly one <see cref="OutputEnded"/>.</summary>
public abstract record OutputEvent : INoSerializationVerificationNeeded;

/// <summary>One printed line, without its line break.</summary>
/// <param name="Stream">The stream that it was printed to.</param>
/// <param name="Bytes">At most <see cref="LineFraming.MaxLine"/> bytes of any value.</param>
/// <param name="Partial">Whether the line goes on in the next event of the same stream.</param>
public sealed record OutputLine(OutputStream Stream, ReadOnlyMemory<byte> Bytes, bool Partial) : OutputEvent;

/// <summary>The end of the run, and the last event.</summary>
public sealed record OutputEnded(Outcome Outcome) : OutputEvent;
