using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Runs.Reply;

/// <summary>
/// A streaming invocation runs. <paramref name="Output"/> materializes once; its elements are what could be read at one time, and the last event is one <see cref="OutputEnded"/>.
/// Cancelling it cancels the invocation. Not materialized at all, the invocation stalls until its deadline.
/// </summary>
public sealed record InvocationStreaming(string CallId, SandboxStart Start, Source<IReadOnlyList<OutputEvent>, NotUsed> Output)
    : IInvokeReply, INoSerializationVerificationNeeded;
