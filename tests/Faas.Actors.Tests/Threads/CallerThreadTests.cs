using Akka.Dispatch;
using Faas.Actors.Threads;
using Xunit;

namespace Faas.Actors.Tests.Threads;

/// <summary>Tests on which thread follow-up work runs, and when.</summary>
public class CallerThreadTests
{
    private readonly List<string> _done = [];

    [Fact]
    public void Work_runs_at_once_where_nothing_runs()
    {
        CallerThread.Run(Doing("work"));

        Assert.Equal(["work"], _done);
    }

    [Fact]
    public void What_comes_up_within_work_runs_after_it_in_the_order_in_which_it_came()
    {
        CallerThread.Run(new ActionRunnable(() =>
        {
            CallerThread.Run(new ActionRunnable(() =>
            {
                CallerThread.Run(Doing("third"));
                _done.Add("first");
            }));
            CallerThread.RunAfter(Doing("second"));
            _done.Add("outer");
        }));

        Assert.Equal(["outer", "first", "second", "third"], _done);
    }

    [Fact]
    public async Task What_must_run_after_the_caller_goes_to_the_thread_pool_where_nothing_runs()
    {
        var ran = new TaskCompletionSource<bool>();
        var own = new Thread(() => CallerThread.RunAfter(new ActionRunnable(() => ran.SetResult(Thread.CurrentThread.IsThreadPoolThread))));
        own.Start();

        Assert.True(await ran.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Work_that_leads_to_ever_more_work_lets_its_caller_go_on()
    {
        using var over = new ManualResetEventSlim();
        var here = Environment.CurrentManagedThreadId;
        var turnsHere = 0;
        void Again()
        {
            if (Environment.CurrentManagedThreadId == here)
            {
                turnsHere++;
                CallerThread.Run(new ActionRunnable(Again));
            }
            else
            {
                over.Set();
            }
        }

        CallerThread.Run(new ActionRunnable(Again));

        Assert.Equal(64, turnsHere);
        Assert.True(over.Wait(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Work_that_throws_takes_nothing_with_it()
    {
        var ran = new TaskCompletionSource();

        Assert.Throws<InvalidOperationException>(() => CallerThread.Run(new ActionRunnable(() =>
        {
            CallerThread.Run(new ActionRunnable(ran.SetResult));
            throw new InvalidOperationException();
        })));
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(10));
        CallerThread.Run(Doing("next"));

        Assert.Equal(["next"], _done);
    }

    private ActionRunnable Doing(string what) => new(() => _done.Add(what));
}
