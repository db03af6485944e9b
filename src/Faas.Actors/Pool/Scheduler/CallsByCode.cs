namespace Faas.Actors.Pool.Scheduler;

/// <summary>Calls of each code, in the order in which they came; those that need an unbound sandbox are not among them.</summary>
internal sealed class CallsByCode
{
    private readonly Dictionary<string, LinkedList<PooledRun>> _calls = [];

    /// <summary>The oldest of this code; null: there is none.</summary>
    public PooledRun? First(string code) => _calls.GetValueOrDefault(code)?.First!.Value;

    /// <summary>How many of this code.</summary>
    public int Count(string code) => _calls.GetValueOrDefault(code)?.Count ?? 0;

    /// <summary>A call joins.</summary>
    public void Add(LinkedListNode<PooledRun> place)
    {
        if (place.Value.Code is not { } code)
        {
            return;
        }

        if (!_calls.TryGetValue(code, out var calls))
        {
            _calls.Add(code, calls = new LinkedList<PooledRun>());
        }

        calls.AddLast(place);
    }

    /// <summary>A call leaves, if it is here.</summary>
    public void Remove(LinkedListNode<PooledRun> place)
    {
        if (place.List is not { } calls)
        {
            return;
        }

        calls.Remove(place);
        if (calls.Count == 0)
        {
            _calls.Remove(place.Value.Code!);
        }
    }
}
