using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Runs.Reply;

/// <summary>
/// A streaming run runs. <paramref name="Output"/> materializes once; its elements are what could be read at one time, and the last event is one <see cref="OutputEnded"/>.
/// Cancelling it cancels the run. Not materialized at all, the run stalls until its deadline.
/// </summary>
public sealed record RunStreaming(string RunId, Warmth Warmth, Source<IReadOnlyList<OutputEvent>, NotUsed> Output)
    : IRunReply, INoSerializationVerificationNeeded;
