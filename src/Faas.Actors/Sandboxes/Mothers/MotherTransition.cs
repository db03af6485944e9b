namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>The result of a transition: the next state, and the effects that the actor performs in this order.</summary>
public sealed record MotherTransition(MotherState State, params IReadOnlyList<MotherEffect> Effects);
