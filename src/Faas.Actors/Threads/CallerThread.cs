using Akka.Dispatch;

namespace Faas.Actors.Threads;

// Theory of operation. A warm call passes through half a dozen hands in some ten microseconds of work each: the request,
// the pool, the sandbox, its pipe, the sandbox, the answer, the pool. Handed from one thread of the thread pool to the next,
// each of them costs the wake-up of a sleeping thread, which is more than its work. So the thread that has something to say does
// the work of whom it says it to, one after the other and never one within another: what comes up meanwhile takes its
// turn once the present one is over, so no actor is entered twice, and no stack grows. A thread that is kept at it by the messages
// of others gives the rest to the thread pool, so that its own caller goes on.

/// <summary>Has a thread do, after what it does now, what that has led to.</summary>
internal static class CallerThread
{
    private const int MostTurns = 64;

    [ThreadStatic]
    private static Queue<IRunnable>? s_turns;

    [ThreadStatic]
    private static bool s_isBusy;

    /// <summary>Runs it on this thread: now, or when what runs here is over.</summary>
    public static void Run(IRunnable work)
    {
        var turns = s_turns ??= new Queue<IRunnable>();
        turns.Enqueue(work);
        if (!s_isBusy)
        {
            TakeTurns(turns);
        }
    }

    /// <summary>Runs it when what runs here is over; where nothing does, on the thread pool. Never within the caller.</summary>
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
