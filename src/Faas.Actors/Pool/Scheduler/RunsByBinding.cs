namespace Faas.Actors.Pool.Scheduler;

/// <summary>Waiting runs by their binding key, in the order of arrival. Runs without a binding key are not among them.</summary>
internal sealed class RunsByBinding
{
    private readonly Dictionary<string, LinkedList<PooledRun>> _runs = [];

    /// <summary>The oldest run of this binding key; null: there is none.</summary>
    public PooledRun? First(string key) => _runs.GetValueOrDefault(key)?.First!.Value;

    /// <summary>All runs of this binding key, the oldest first.</summary>
    public IEnumerable<PooledRun> All(string key) => _runs.GetValueOrDefault(key) ?? [];

    /// <summary>How many runs have this binding key.</summary>
    public int Count(string key) => _runs.GetValueOrDefault(key)?.Count ?? 0;

    /// <summary>A run joins, if it has a binding key.</summary>
    public void Add(LinkedListNode<PooledRun> place)
    {
        if (place.Value.BindingKey is not { } key)
        {
            return;
        }

        if (!_runs.TryGetValue(key, out var runs))
        {
            _runs.Add(key, runs = new LinkedList<PooledRun>());
        }

        runs.AddLast(place);
    }

    /// <summary>A run leaves, if it is here.</summary>
    public void Remove(LinkedListNode<PooledRun> place)
    {
        if (place.List is not { } runs)
        {
            return;
        }

        runs.Remove(place);
        if (runs.Count == 0)
        {
            _runs.Remove(place.Value.BindingKey!);
        }
    }
}
