namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>The result of a transition: the next state, and the effects that the actor performs in this order.</summary>
public sealed record MotherTransition(MotherState State, params IReadOnlyList<MotherEffect> Effects)
{
    /// <summary>This transition and the one that follows it.</summary>
    internal MotherTransition Then(Func<MotherState, MotherTransition> next)
    {
        var following = next(State);
        return following with { Effects = [.. Effects, .. following.Effects] };
    }
}
