using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Runs.Reply;

/// <summary>A streaming run has started.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Warmth">Where its sandbox came from.</param>
/// <param name="Output">
/// The output. It can be materialized once. Each element holds the events of one read; the last event is one
/// <see cref="OutputEnded"/>. A consumer that cancels the stream cancels the run. While the stream is not materialized, the run stalls
/// until its deadline.
/// </param>
public sealed record RunStreaming(string RunId, Warmth Warmth, Source<IReadOnlyList<OutputEvent>, NotUsed> Output)
    : IRunReply, INoSerializationVerificationNeeded;
