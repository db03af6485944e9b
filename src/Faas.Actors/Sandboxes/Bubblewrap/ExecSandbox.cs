using System.Diagnostics;
using System.IO.Pipelines;
using System.IO.Pipes;
using System.Net.Sockets;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// A sandbox that bubblewrap has built: one bubblewrap process with a zygote in it.
///
/// Theory of operation: the server's child is the outer process of bubblewrap. When it dies, process 1 of the sandbox dies with
/// it, and the kernel then kills every process in the sandbox's pid namespace. That takes a moment, so the sandbox counts as
/// dead only when its cgroup is empty and removed.
/// </summary>
internal sealed class ExecSandbox : ISandboxProcess
{
    private const int ReadBytes = 64 << 10;
    private readonly Process _process;
    private readonly ISandboxCgroup _cgroup;
    private readonly SpawnThread _visitor;
    private readonly Stream[] _pipes;

    public ExecSandbox(Process process, ISandboxCgroup cgroup, SpawnThread visitor, Action released)
    {
        (_process, _cgroup, _visitor) = (process, cgroup, visitor);
        _pipes = [process.StandardInput.BaseStream, process.StandardOutput.BaseStream, process.StandardError.BaseStream];
        Input = PipeWriter.Create(_pipes[0]);
        Output = PipeReader.Create(_pipes[1], new StreamPipeReaderOptions(bufferSize: ReadBytes, minimumReadSize: ReadBytes / 4));
        Exited = WatchAsync(released);
    }

    public PipeWriter Input { get; }

    public PipeReader Output { get; }

    public bool HasUnread => Posix.HasBytes(((PipeStream)_pipes[1]).SafePipeHandle);

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
    public Task<Socket> ListenAsync(ushort port) => _visitor.VisitAsync(() =>
    {
        using var zygote = OpenZygote();
        return NetworkNamespace.ListenIn(zygote, port);
    });

    /// <inheritdoc/>
    public Task AttachAsync(string folder) => _visitor.VisitAsync(() =>
    {
        using var zygote = OpenZygote();
        MountNamespace.Attach(zygote, folder, LayerMount.Inside);
        return true;
    });

    public long? HostUid => ProcStatus.UidOf(_process.Id);

    public void Kill()
    {
        if (!Exited.IsCompleted)
        {
            _ = _cgroup.Counters; // reads them now: systemd removes them with the last process
            _process.Kill();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited;
        Array.ForEach(_pipes, pipe => pipe.Dispose()); // Process.Dispose does not close a pipe that was handed out
        _process.Dispose();
    }

    // bubblewrap stays outside, and its only child is process 1 of the sandbox. A pid that the child had may mean another process by now;
    // one whose parent still lives and is this sandbox's bubblewrap is no other.
    private ProcessHandle OpenZygote()
    {
        if (ProcStatus.ChildrenOf(_process.Id) is not [var child])
        {
            throw new IOException("the sandbox has no process");
        }

        var zygote = ProcessHandle.Open(child);
        if (ProcStatus.ParentOf(child) == _process.Id && !_process.HasExited)
        {
            return zygote;
        }

        zygote.Dispose();
        throw new IOException("the sandbox has ended");
    }

    private async Task<SandboxExit> WatchAsync(Action released)
    {
        var tail = new ByteTail(SandboxExit.StderrBytes);
        var drained = tail.DrainAsync(_pipes[2]); // always, so that no write to stderr blocks
        await _process.WaitForExitAsync();
        await _cgroup.RemoveAsync();
        await drained;
        released();
        return SandboxExit.Of(_process.ExitCode, tail);
    }
}
