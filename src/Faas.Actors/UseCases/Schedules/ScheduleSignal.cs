namespace Faas.Actors.UseCases.Schedules;

/// <summary>Wakes what waits for the instants of schedules, when one was written. A signal is kept until it has waked.</summary>
public sealed class ScheduleSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0);

    /// <summary>A schedule may be due earlier than was known.</summary>
    public void Set()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }

    /// <summary>Returns at a signal, or after a time. Throws <see cref="OperationCanceledException"/>.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _signal.WaitAsync(atMost, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();
}
