using System.ComponentModel;
using Akka.Actor;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Mothers;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Starts each sandbox as a fork of a mother, a warm interpreter that never runs a script (runtimes/PROTOCOL.md, "The mother"). A fork
/// costs a fifth of an interpreter's start, and shares the memory of the mother.
///
/// Theory of operation: the child calls on the server by two connections, and the kernel tells who has called. The child then waits for
/// one byte. The server makes the cgroups while the child builds its walls, moves the child into them, and sends the byte. Only then does
/// the child give up its rights and start anything else, so no process of a sandbox is ever outside of its limits.
/// </summary>
/// <param name="site">What is prepared on the machine.</param>
/// <param name="mothers">The actor of all mothers (<see cref="MothersActor"/>).</param>
public sealed class ForkLauncher(LaunchSite site, IActorRef mothers) : ISandboxLauncher
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);
    private static readonly byte[] s_go = "\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation)
    {
        var uid = site.Uids?.Take();
        var name = site.NextName();
        var tmpBytes = site.TmpBytesOf(image);
        var order = new ChildOrder(image, name, new ChildWalls(
            uid is { } user ? (int)(user - site.Options.FirstUid) : 0, tmpBytes, BubblewrapCommand.FileLimit(tmpBytes).Most));
        mothers.Tell(order);
        var makingCgroup = site.MakeCgroupAsync(name);
        try
        {
            var child = await LaunchedAsync(order, cancellation);
            return await EnterAsync(order, child, await makingCgroup, uid);
        }
        catch (Exception failure)
        {
            await AbandonAsync(order, makingCgroup);
            site.Release(uid);
            if (failure is IOException or UnauthorizedAccessException or Win32Exception)
            {
                throw new SandboxStartException($"No sandbox can be started: {failure.Message}", failure);
            }

            throw;
        }
    }

    private async Task<LaunchedChild> LaunchedAsync(ChildOrder order, CancellationToken cancellation)
    {
        await using var giveUp = cancellation.Register(() =>
        {
            if (order.TryGiveUp(cancellation))
            {
                mothers.Tell(new GiveUpOrder(order));
            }
        });
        return await order.Launched;
    }

    private async Task<ISandboxProcess> EnterAsync(ChildOrder order, LaunchedChild child, ISandboxCgroup cgroup, long? uid)
    {
        ProcessHandle? process = null;
        try
        {
            process = ProcessHandle.Open(child.Frames.Pid);
            await cgroup.JoinAsync(child.Frames.Pid);
            await child.Frames.Socket.SendAsync(s_go);
            return new ForkedSandbox(child, process, cgroup, site.Visitor, () => EndAsync(order), () => site.Release(uid));
        }
        catch (Exception failure)
        {
            process?.Signal(Posix.SigKill);
            process?.Dispose();
            throw await LastWordsAsync(child.Stderr) is { Length: > 0 } said
                ? new SandboxStartException($"No sandbox can be started: {said.Trim()}", failure)
                : failure;
        }
    }

    // A child that has ended while it built its walls has said why. The failure that the server has met is only that it is gone.
    private static async Task<string> LastWordsAsync(ChildConnection stderr)
    {
        var tail = new ByteTail(SandboxExit.StderrBytes);
        await tail.DrainAsync(new ConnectionStream(stderr.Socket)).WaitAsync(s_lastWords)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return SandboxExit.Of(0, tail).Stderr;
    }

    private Task<int?> EndAsync(ChildOrder order)
    {
        mothers.Tell(new ChildEnded(order));
        return order.Ended;
    }

    // After a failure: the child ends because the server hangs up.
    private async Task AbandonAsync(ChildOrder order, Task<ISandboxCgroup> makingCgroup)
    {
        if (order.Launched.IsCompletedSuccessfully)
        {
            var child = await order.Launched;
            child.Frames.Dispose();
            child.Stderr.Dispose();
            await EndAsync(order);
        }
        else if (order.TryGiveUp(CancellationToken.None))
        {
            mothers.Tell(new GiveUpOrder(order));
        }

        await ((Task)makingCgroup).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (makingCgroup.IsCompletedSuccessfully)
        {
            await (await makingCgroup).RemoveAsync();
        }
    }
}
