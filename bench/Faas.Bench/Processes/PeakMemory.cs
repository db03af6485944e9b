namespace Faas.Bench.Processes;

/// <summary>Looks at memory again and again, on a thread of its own, from its making to <see cref="Stop"/>.</summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private readonly IUsage _usage;
    private long _peak;

    /// <summary>Begins.</summary>
    public PeakMemory(IUsage usage)
    {
        _usage = usage;
        _thread = new Thread(Watch);
        _thread.Start();
    }

    /// <summary>Ends; returns the most bytes seen at once.</summary>
    public long Stop()
    {
        _stop.Set();
        _thread.Join();
        return _peak;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private void Watch()
    {
        do
        {
            _peak = Math.Max(_peak, Memory.Of(_usage.Processes));
        }
        while (!_stop.Wait(s_pause));
    }
}
