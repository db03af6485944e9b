namespace Faas.Actors.Pool.Scheduler;

/// <summary>The effects of the event that is being handled, in the order in which they were decided.</summary>
internal sealed class EffectList
{
    private List<PoolEffect>? _effects;

    /// <summary>Adds one to the end.</summary>
    public void Add(PoolEffect effect) => (_effects ??= []).Add(effect);

    /// <summary>Hands the effects over. The list is empty again.</summary>
    public IReadOnlyList<PoolEffect> Take()
    {
        var taken = _effects;
        _effects = null;
        return taken ?? [];
    }
}
