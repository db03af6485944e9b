namespace Faas.Actors.Sandboxes;

/// <summary>The result of a transition: the next state, and the effects that the actor performs in this order.</summary>
public sealed record SandboxTransition(SandboxState State, params SandboxEffect[] Effects);
