namespace Faas.Http.Lifecycle;

/// <summary>Counts the requests under way and says how far the server's stop has come.</summary>
public sealed class RequestGate : IDisposable
{
    private static readonly TimeSpan LastBytes = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _abandoned = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the server itself, which it gives up when it drains: so zero is reached once, and only then.
    private int _running = 1;
    private volatile bool _isDraining;

    /// <summary>Whether new work is refused.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Completes when the server drains and no request is under way.</summary>
    public Task Idle => _idle.Task;

    /// <summary>Event streams must end themselves now.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Every connection that is still answering is cut now.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <summary>
    /// Every connection that is still open is cut now, a second after <see cref="Aborted"/>: last answers have left by then.
    /// A connection whose request was answered before its body was read is under way for no request, but the web server
    /// would read on, and not stop for as long as its client sends nothing.
    /// </summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>A request begins.</summary>
    public void Enter() => Interlocked.Increment(ref _running);

    /// <summary>A request has ended.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Refuse new work from now on; once.</summary>
    public void Drain()
    {
        _isDraining = true;
        Leave();
    }

    /// <summary>Have event streams end themselves.</summary>
    public void Abandon() => _abandoned.Cancel();

    /// <summary>Cut every connection that is still answering.</summary>
    public void Abort()
    {
        _aborted.Cancel();
        _closed.CancelAfter(LastBytes);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _abandoned.Dispose();
        _aborted.Dispose();
        _closed.Dispose();
    }
}
