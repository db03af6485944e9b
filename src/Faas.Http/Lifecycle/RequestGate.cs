namespace Faas.Http.Lifecycle;

/// <summary>Counts the requests under way and says how far the server's stop has come.</summary>
public sealed class RequestGate : IDisposable
{
    private static readonly TimeSpan s_lastBytes = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _abandoned = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _dismissed = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Starts at one for the server itself, which drops its own when it drains. So the count reaches zero once, after the drain.
    private int _running = 1;
    private volatile bool _isLeaving;
    private volatile bool _isDraining;

    /// <summary>Whether clients should go elsewhere: the server will stop, though it may still take new work.</summary>
    public bool IsLeaving => _isLeaving;

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
    /// When a request is answered before its body was read, no request is under way on its connection, but the web server
    /// still reads the rest of the body, and would not stop as long as the client sends nothing.
    /// </summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Every connection that is open now ends as soon as it carries no request.</summary>
    public CancellationToken Dismissed => _dismissed.Token;

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

    /// <summary>Say from now on that the server will stop.</summary>
    public void Announce() => _isLeaving = true;

    /// <summary>End the connections that carry no request, and the others when they carry none.</summary>
    public void Dismiss() => _dismissed.Cancel();

    /// <summary>Refuse new work from now on; once.</summary>
    public void Drain()
    {
        _isLeaving = true;
        _isDraining = true;
        Leave();
    }

    /// <summary>Have event streams end themselves.</summary>
    public void Abandon() => _abandoned.Cancel();

    /// <summary>Cut every connection that is still answering.</summary>
    public void Abort()
    {
        _aborted.Cancel();
        _closed.CancelAfter(s_lastBytes);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _abandoned.Dispose();
        _aborted.Dispose();
        _closed.Dispose();
        _dismissed.Dispose();
    }
}
