using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// How many sandboxes are to stay bound, though no run needs them: what the settings of versions ask for (<see cref="Run.MinWarm"/>).
/// <para>
/// Theory of operation. A path has one wish, that of the version that its calls get without naming one; a newer version's takes its place.
/// Several paths may wish for the same binding, which then gets the most that one of them asks for. A binding *lacks* sandboxes while
/// fewer are bound than wished. The fleet tells of each sandbox that is bound or lost, so a question costs nothing while none is lacking.
/// </para>
/// </summary>
internal sealed class WarmWishes
{
    private readonly Dictionary<string, WarmWish> _byPath = [];
    private readonly Dictionary<string, WarmWish> _byKey = [];
    private readonly HashSet<WarmWish> _lacking = [];

    /// <summary>The wishes that are not fulfilled.</summary>
    public IReadOnlyCollection<WarmWish> Lacking => _lacking;

    /// <summary>How many sandboxes of this binding are to stay.</summary>
    public int For(string key) => _byKey.Count > 0 && _byKey.TryGetValue(key, out var wish) ? wish.Count : 0;

    /// <summary>Takes a path's wish; false: it is the same as before, or there is none and was none.</summary>
    /// <param name="path">The path, and whose.</param>
    /// <param name="key">The binding key; null: its sandboxes cannot stay, so nothing is wished.</param>
    /// <param name="run">A run of the version, as an example of what the sandboxes must be able to serve.</param>
    /// <param name="count">How many sandboxes.</param>
    /// <param name="keyBefore">The binding key of the wish that the path had before; null: it had none.</param>
    public bool TryTake(string path, string? key, Run run, int count, out string? keyBefore)
    {
        keyBefore = null;
        if ((key is null || count == 0) && _byPath.Count == 0)
        {
            return false;
        }

        var before = _byPath.GetValueOrDefault(path);
        if (before is not null && before.Key == key && before.CountOf(path) == count)
        {
            return false;
        }

        keyBefore = Forget(path);
        if (key is not null && count > 0)
        {
            if (!_byKey.TryGetValue(key, out var wish))
            {
                _byKey.Add(key, wish = new WarmWish(key, run with { Input = default, Stream = false, Trace = null, TraceParent = null }));
            }

            wish.Take(path, count);
            _byPath.Add(path, wish);
            LookAt(wish);
        }

        return true;
    }

    /// <summary>
    /// A path wishes for nothing any more, nor does any whose name begins like this. The binding keys for which they did.
    /// </summary>
    public IReadOnlyList<string> Forget(string path, string beginning)
    {
        var gone = _byPath.Keys.Where(one => one == path || one.StartsWith(beginning, StringComparison.Ordinal)).ToList();
        return [.. gone.Select(one => Forget(one)!)];
    }

    /// <summary>So many sandboxes are bound to this key now.</summary>
    public void Bound(string key, int sandboxes)
    {
        if (_byKey.Count > 0 && _byKey.TryGetValue(key, out var wish))
        {
            wish.Bound = sandboxes;
            LookAt(wish);
        }
    }

    // The binding key of the wish that the path had; null: it had none.
    private string? Forget(string path)
    {
        if (!_byPath.Remove(path, out var wish))
        {
            return null;
        }

        wish.Forget(path);
        LookAt(wish);
        if (wish.Count == 0)
        {
            _byKey.Remove(wish.Key);
        }

        return wish.Key;
    }

    private void LookAt(WarmWish wish)
    {
        if (wish.Missing > 0)
        {
            _lacking.Add(wish);
        }
        else
        {
            _lacking.Remove(wish);
        }
    }
}

/// <summary>How many sandboxes of one binding are to stay.</summary>
/// <param name="key">The binding key.</param>
/// <param name="run">An example of a run of it, without an input.</param>
internal sealed class WarmWish(string key, Run run)
{
    private readonly Dictionary<string, int> _byPath = [];

    /// <summary>The binding key.</summary>
    public string Key { get; } = key;

    /// <summary>An example of a run of it, without an input.</summary>
    public Run Run { get; } = run;

    /// <summary>The most that a path asks for.</summary>
    public int Count { get; private set; }

    /// <summary>How many are bound.</summary>
    public int Bound { get; set; }

    /// <summary>How many more are wished.</summary>
    public int Missing => Count - Bound;

    /// <summary>What this path asks for.</summary>
    public int CountOf(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>A path asks for this number of sandboxes.</summary>
    public void Take(string path, int count)
    {
        _byPath[path] = count;
        Count = Math.Max(Count, count);
    }

    /// <summary>A path asks for none any more.</summary>
    public void Forget(string path)
    {
        _byPath.Remove(path);
        Count = _byPath.Values.DefaultIfEmpty().Max();
    }
}
