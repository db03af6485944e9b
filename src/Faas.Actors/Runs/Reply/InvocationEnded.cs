using Akka.Actor;

namespace Faas.Actors.Runs.Reply;

/// <summary>A non-streaming invocation is over.</summary>
public sealed record InvocationEnded(string CallId, Outcome Outcome) : IInvokeReply, INoSerializationVerificationNeeded;
