using Faas.Actors.Runs;

namespace Faas.Actors.Sandboxes.Outcomes;

/// <summary>Why the server itself killed a sandbox with an invocation in it.</summary>
/// <param name="Reason">The outcome's reason.</param>
/// <param name="Detail">Its one line.</param>
public sealed record KillReason(Reason Reason, string Detail);
