using Faas.Actors.Runs;

namespace Faas.Actors.Sandboxes.Outcomes;

/// <summary>Why the server itself killed a sandbox with a run in it.</summary>
/// <param name="Reason">The outcome's reason.</param>
/// <param name="Detail">The outcome's one line for a person.</param>
public sealed record KillReason(Reason Reason, string Detail);
