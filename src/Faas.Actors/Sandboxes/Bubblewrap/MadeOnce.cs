namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// What is made when it is first asked for. Unlike <see cref="Lazy{T}"/>, it keeps no failure: after one, the next caller tries anew.
/// </summary>
/// <param name="make">Makes it; what it throws, the caller gets. No two callers run it at once.</param>
internal sealed class MadeOnce<T>(Func<T> make)
{
    private readonly Lock _gate = new();
    private bool _isMade;
    private T _value = default!;

    /// <summary>It.</summary>
    public T Value
    {
        get
        {
            lock (_gate)
            {
                if (!_isMade)
                {
                    (_value, _isMade) = (make(), true);
                }

                return _value;
            }
        }
    }
}
