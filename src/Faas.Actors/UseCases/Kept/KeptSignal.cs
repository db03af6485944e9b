namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Wakes workers that have found no run. A signal that is given while none waits wakes the next one that does, so none is missed; as
/// many as there are workers are remembered at most.
/// </summary>
public sealed class KeptSignal(int most) : IDisposable
{
    private readonly SemaphoreSlim _signals = new(0);

    /// <summary>A run may be there: wake a worker.</summary>
    public void Set()
    {
        if (_signals.CurrentCount < most)
        {
            _signals.Release();
        }
    }

    /// <summary>Returns at a signal, or after a time. Throws <see cref="OperationCanceledException"/>.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _signals.WaitAsync(atMost, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _signals.Dispose();
}
