using System.Collections.Concurrent;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The one thread that starts sandboxes.
///
/// Theory of operation: bubblewrap asks the kernel to be killed when its parent dies (<c>--die-with-parent</c>,
/// PR_SET_PDEATHSIG), and for the kernel the parent is the thread that forked, not the process. Pool threads come and
/// go, and would take sandboxes with them; this one lives as long as the process.
/// </summary>
public sealed class SpawnThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    /// <summary>Starts the thread.</summary>
    public SpawnThread() => new Thread(Work) { Name = "sandbox-spawn", IsBackground = true }.Start();

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
#pragma warning disable CA1031 // Whatever it is belongs to who asked, not to this thread.
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    done.SetException(failure);
                }
            },
            CancellationToken.None);
        return done.Task;
    }

    /// <summary>Takes no more work. Only for when no sandbox is left: the thread ends.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
