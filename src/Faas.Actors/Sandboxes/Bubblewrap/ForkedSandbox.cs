using System.IO.Pipelines;
using System.Net.Sockets;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Mothers;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// A sandbox that is a fork of a mother.
///
/// Theory of operation: the zygote alone holds the other end of the connection for stderr, so that connection ends when the zygote does.
/// The kernel kills every process of the pid namespace with its process 1, which is the zygote. The zygote's parent is the mother, and
/// she alone learns its exit status. The sandbox counts as dead when the cgroup is empty and removed, and she has told the status, or
/// has had a second to tell it: a mother that stands still must not hold up the outcome of a run.
/// </summary>
internal sealed class ForkedSandbox : ISandboxProcess
{
    private const int ReadBytes = 64 << 10;
    private const int Killed = 137; // as a shell tells SIGKILL
    private static readonly TimeSpan s_statusPatience = TimeSpan.FromSeconds(1);
    private readonly LaunchedChild _child;
    private readonly ProcessHandle _process;
    private readonly ISandboxCgroup _cgroup;
    private readonly SpawnThread _visitor;

    /// <summary>Takes the child over.</summary>
    /// <param name="child">The child, which has got its cgroups.</param>
    /// <param name="process">The child's process.</param>
    /// <param name="cgroup">The cgroup that the child is in.</param>
    /// <param name="visitor">The thread that enters its namespaces.</param>
    /// <param name="endAsync">Asks the mother for the status of the child once it is dead; null where nothing can know it.</param>
    /// <param name="released">Called when no process is left.</param>
    public ForkedSandbox(
        LaunchedChild child, ProcessHandle process, ISandboxCgroup cgroup, SpawnThread visitor, Func<Task<int?>> endAsync, Action released)
    {
        (_child, _process, _cgroup, _visitor) = (child, process, cgroup, visitor);
        Input = PipeWriter.Create(new ConnectionStream(child.Frames.Socket));
        Output = PipeReader.Create(
            new ConnectionStream(child.Frames.Socket), new StreamPipeReaderOptions(bufferSize: ReadBytes, minimumReadSize: ReadBytes / 4));
        Exited = WatchAsync(endAsync, released);
    }

    public PipeWriter Input { get; }

    public PipeReader Output { get; }

    public bool HasUnread => Posix.HasBytes(_child.Frames.Socket.SafeHandle);

    public Task<SandboxExit> Exited { get; }

    public long OomKills => _cgroup.OomKills;

    public TimeSpan CpuUsed => _cgroup.CpuUsed;

    public KernelCounters Counters => _cgroup.Counters;

    public long MemoryBytes => _cgroup.MemoryBytes;

    /// <inheritdoc/>
    public void LowerMemory(long bytes) => _cgroup.LowerMemory(bytes);

    /// <inheritdoc/>
    public Task SetLimitsAsync(SandboxLimits limits) => _cgroup.SetLimitsAsync(limits);

    /// <inheritdoc/>
    public Task<Socket> ListenAsync(ushort port) => _visitor.VisitAsync(() => NetworkNamespace.ListenIn(_process, port));

    /// <inheritdoc/>
    public Task AttachAsync(string folder) => _visitor.VisitAsync(() =>
    {
        MountNamespace.Attach(_process, folder, LayerMount.Inside);
        return true;
    });

    public long? HostUid => ProcStatus.UidOf(_child.Frames.Pid);

    public void Kill()
    {
        if (!Exited.IsCompleted)
        {
            _ = _cgroup.Counters; // reads them now: systemd removes them with the last process
            _process.Signal(Posix.SigKill);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited;
        _child.Frames.Dispose();
        _child.Stderr.Dispose();
        _process.Dispose();
    }

    private async Task<SandboxExit> WatchAsync(Func<Task<int?>> endAsync, Action released)
    {
        var tail = new ByteTail(SandboxExit.StderrBytes);
        await tail.DrainAsync(new ConnectionStream(_child.Stderr.Socket));
        _process.Signal(Posix.SigKill); // process 1 has ended, or has closed its stderr, which it must not
        var ended = endAsync();
        await _cgroup.RemoveAsync();
        await ((Task)ended.WaitAsync(s_statusPatience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        released();
        return SandboxExit.Of(ended.IsCompletedSuccessfully && await ended is { } word ? ExitCode(word) : Killed, tail);
    }

    // The status of wait4(2), as a shell tells it.
    private static int ExitCode(int word) => (word & 0x7f) == 0 ? (word >> 8) & 0xff : 128 + (word & 0x7f);
}
