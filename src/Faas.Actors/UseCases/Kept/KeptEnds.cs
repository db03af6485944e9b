namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Tells those of this server who wait for a kept run that a worker of this server has written its end. Several may wait for one run, and
/// all of them are told. Safe from any thread.
/// </summary>
public sealed class KeptEnds : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Awaited> _awaited = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _any = new(0);

    /// <summary>
    /// Completes when a worker of this server writes the end of the run, unless it has done so before. Each call is followed by one of
    /// <see cref="Forget"/>.
    /// </summary>
    public Task Of(string id)
    {
        lock (_gate)
        {
            if (!_awaited.TryGetValue(id, out var awaited))
            {
                awaited = _awaited[id] = new Awaited();
            }

            awaited.Waiters++;
            return awaited.Ended.Task;
        }
    }

    /// <summary>The end of the run is written.</summary>
    public void Written(string id)
    {
        Wake();
        lock (_gate)
        {
            if (_awaited.TryGetValue(id, out var awaited))
            {
                awaited.Ended.TrySetResult();
            }
        }
    }

    /// <summary>One caller waits no longer.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            if (_awaited.TryGetValue(id, out var awaited) && --awaited.Waiters == 0)
            {
                _awaited.Remove(id);
            }
        }
    }

    /// <summary>
    /// Returns when the end of any run has been written since the last return, or after a time. One waits at a time. Throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    public Task AnyAsync(TimeSpan atMost, CancellationToken cancellation) => _any.WaitAsync(atMost, cancellation);

    /// <summary>Has <see cref="AnyAsync"/> return.</summary>
    public void Wake()
    {
        if (_any.CurrentCount == 0)
        {
            _any.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _any.Dispose();

    private sealed class Awaited
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiters { get; set; }
    }
}
