using Akka.Dispatch;

namespace Faas.Actors.Threads;

// Theory of operation. A warm call takes about seven steps, with some ten microseconds of work each: the request, the pool, the sandbox,
// its pipe, the sandbox, the reply, the pool. If each step ran on another thread of the thread pool, each step would wake a sleeping
// thread, which costs more than the work. So the thread that sends a message also does the work that the message causes. The work does
// not run inside the sender: it waits in a queue of the thread until the work in progress is done. So no actor is entered twice, and the
// stack does not grow. After some turns, the thread gives the rest of its queue to the thread pool, so that its own caller is not held
// up by the messages of others.

/// <summary>Runs follow-up work on the current thread once the work in progress is done.</summary>
internal static class CallerThread
{
    private const int MostTurns = 64;

    [ThreadStatic]
    private static Queue<IRunnable>? s_turns;

    [ThreadStatic]
    private static bool s_isBusy;

    /// <summary>Runs work on this thread: now, or once the work in progress is done.</summary>
    public static void Run(IRunnable work)
    {
        var turns = s_turns ??= new Queue<IRunnable>();
        turns.Enqueue(work);
        if (!s_isBusy)
        {
            TakeTurns(turns);
        }
    }

    /// <summary>
    /// Runs work on this thread once the work in progress is done; on the thread pool when none is in progress. Never inside the caller.
    /// </summary>
    public static void RunAfter(IRunnable work)
    {
        if (s_isBusy)
        {
            s_turns!.Enqueue(work);
        }
        else
        {
            OnThreadPool(work);
        }
    }

    private static void TakeTurns(Queue<IRunnable> turns)
    {
        s_isBusy = true;
        try
        {
            for (var taken = 0; taken < MostTurns && turns.TryDequeue(out var next); taken++)
            {
                next.Run();
            }
        }
        finally
        {
            s_isBusy = false;
            while (turns.TryDequeue(out var left))
            {
                OnThreadPool(left);
            }
        }
    }

    private static void OnThreadPool(IRunnable work) => ThreadPool.UnsafeQueueUserWorkItem(Run, work, preferLocal: false);
}
