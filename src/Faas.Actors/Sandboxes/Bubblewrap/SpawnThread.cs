using System.Collections.Concurrent;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// A thread that does one piece of work after the other. A server has one that starts sandboxes, and one that enters their namespaces.
///
/// Theory of operation: bubblewrap asks the kernel to kill it when its parent dies (<c>--die-with-parent</c>,
/// PR_SET_PDEATHSIG), and to the kernel the parent is the thread that forked, not the process. A thread of the thread pool can
/// end at any time, and the sandboxes that it started would die with it. This thread lives as long as the launcher.
/// </summary>
public sealed class SpawnThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Its name.</param>
    public SpawnThread(string name = "sandbox-spawn") => new Thread(Work) { Name = name, IsBackground = true }.Start();

    /// <summary>Runs a function on the thread.</summary>
    public Task<T> RunAsync<T>(Func<T> start, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(
            () =>
            {
                if (cancellation.IsCancellationRequested)
                {
                    done.SetCanceled(cancellation);
                    return;
                }

                try
                {
                    done.SetResult(start());
                }
#pragma warning disable CA1031 // The task that was asked for carries the failure; the thread must survive it.
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    done.SetException(failure);
                }
            },
            CancellationToken.None);
        return done.Task;
    }

    /// <summary>Ends the thread after the work that it has. No sandbox may be left by then.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
