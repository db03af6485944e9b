using System.Collections.Concurrent;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Mothers;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Mothers;

/// <summary>Stands in for a mother's process: a test says what she does.</summary>
internal sealed class ScriptedMother(ImageKey image) : IMotherProcess
{
    /// <summary>What every order that is expected says of the child's walls.</summary>
    public static ChildWalls Walls { get; } = new(1, 32 << 20, 33 << 20);

    private readonly TaskCompletionSource<SandboxExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BlockingCollection<string> _orders = [];
    private readonly TaskCompletionSource<Action<MotherEvent>> _report = new();

    public ImageKey Image => image;

    public Task<SandboxExit> Exited => _exited.Task;

    public void Listen(Action<MotherEvent> report) => _report.SetResult(report);

    public void Send(string order) => _orders.Add(order);

    public long MemoryBytes { get; set; }

    public void Kill() => Die(137);

    public ValueTask DisposeAsync()
    {
        Kill();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next line that was sent to her.</summary>
    public string NextOrder() => _orders.TryTake(out var order, TimeSpan.FromSeconds(20))
        ? order
        : throw new TimeoutException("She was sent nothing.");

    /// <summary>She says it as soon as the server listens.</summary>
    public void Say(MotherEvent what)
    {
        Assert.True(_report.Task.Wait(TimeSpan.FromSeconds(20)));
        _report.Task.Result(what);
    }

    /// <summary>She takes the order for a fork.</summary>
    public void Expect(string token) => Assert.Equal(MotherOrder.Fork(token, Walls), NextOrder());

    /// <summary>She takes the order for a fork, and bears the child.</summary>
    public void Bear(string token, int pid)
    {
        Expect(token);
        Fork(token, pid);
    }

    /// <summary>She forks the child of an order, and the child calls.</summary>
    public void Fork(string token, int pid)
    {
        Say(new ChildForked(token, pid));
        Say(new ChildCalled(MotherOnPaper.Connection(token, ChildStream.Frames)));
        Say(new ChildCalled(MotherOnPaper.Connection(token, ChildStream.Stderr)));
    }

    public void Die(int status, string stderr = "") => _exited.TrySetResult(new SandboxExit(status, stderr));
}

/// <summary>Starts scripted mothers, or fails.</summary>
internal sealed class ScriptedMotherLauncher : IMotherLauncher
{
    private readonly BlockingCollection<ScriptedMother> _started = [];

    /// <summary>Why the next start fails; null: it does not.</summary>
    public string? Refusal { get; set; }

    public Task<IMotherProcess> StartAsync(ImageKey image, CancellationToken cancellation)
    {
        if (Refusal is { } why)
        {
            throw new SandboxStartException(why);
        }

        var mother = new ScriptedMother(image);
        _started.Add(mother, cancellation);
        return Task.FromResult<IMotherProcess>(mother);
    }

    /// <summary>The next mother that was started.</summary>
    public ScriptedMother Next() => TryNext(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException("No mother was started.");

    /// <summary>The next mother that was started, who says that she is warm.</summary>
    public ScriptedMother NextWarm()
    {
        var mother = Next();
        mother.Say(new MotherWarm());
        return mother;
    }

    /// <summary>The next mother that was started; null: there was none in this time.</summary>
    public ScriptedMother? TryNext(TimeSpan limit) => _started.TryTake(out var mother, limit) ? mother : null;
}
