using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Tests.Sandboxes;

// Theory of operation. Two pipes in memory are in the place of the zygote's. The test writes on one thread, and the sandbox is killed on
// another; a PipeWriter allows one thread at a time, so a lock guards each step of writing. While the pipe is full, the test's write
// waits until the server reads, and the server does not read any more once it has seen the end of the pipe. So a death also ends a write
// that waits, as the kernel ends the write of a process that it kills.

/// <summary>A sandbox in memory. The test reads the frames that the server sends, writes the zygote's, and decides how it dies.</summary>
public sealed class ScriptedZygote : ISandboxProcess
{
    private readonly Pipe _toZygote = new();
    private readonly Pipe _fromZygote = new(new PipeOptions(pauseWriterThreshold: 64 << 10, resumeWriterThreshold: 32 << 10));
    private readonly Lock _writing = new();
    private readonly TaskCompletionSource<SandboxExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PipeWriter Input => _toZygote.Writer;

    public PipeReader Output => _fromZygote.Reader;

    /// <summary>What the server sees when it asks whether bytes came before the order.</summary>
    public bool HasUnread { get; set; }

    public Task<SandboxExit> Exited => _exited.Task;

    public long OomKills => Counters.OomKills;

    public TimeSpan CpuUsed => Counters.Cpu;

    public KernelCounters Counters { get; set; }

    public long MemoryBytes => 30 << 20;

    public void LowerMemory(long bytes)
    {
    }

    /// <summary>Sets limits; a test that says nothing has them set at once.</summary>
    public Func<SandboxLimits, Task> OnLimits { get; init; } = _ => Task.CompletedTask;

    /// <summary>The limits that were set.</summary>
    public ConcurrentQueue<SandboxLimits> Limits { get; } = new();

    public Task SetLimitsAsync(SandboxLimits limits)
    {
        Limits.Enqueue(limits);
        return OnLimits(limits);
    }

    /// <summary>Makes the socket of the sandbox's loopback; a test that says nothing has one of this machine.</summary>
    public Func<ushort, Task<Socket>> OnListen { get; init; } = _ => Task.FromResult(Listener());

    public Task<Socket> ListenAsync(ushort port) => OnListen(port);

    private static Socket Listener()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    /// <summary>Shows a folder of libraries; a test that says nothing has it shown at once.</summary>
    public Func<string, Task> OnAttach { get; init; } = _ => Task.CompletedTask;

    public Task AttachAsync(string folder) => OnAttach(folder);

    public long? HostUid => null;

    /// <summary>False: a kill only completes <see cref="Killed"/>, and the test decides when the zygote dies.</summary>
    public bool DiesWhenKilled { get; init; } = true;

    public Task Killed => _killed.Task;

    public Task Disposed => _disposed.Task;

    public void Kill()
    {
        _killed.TrySetResult();
        if (DiesWhenKilled)
        {
            Die(137);
        }
    }

    public void Die(int status, string stderr = "")
    {
        EndOutput();
        _exited.TrySetResult(new SandboxExit(status, stderr));
    }

    /// <summary>The pipe ends, but the kernel has not yet reported the death.</summary>
    public void FallSilent() => EndOutput();

    /// <summary>The kernel reports the death, but the pipe has not ended.</summary>
    public void DieWithOpenPipe(int status) => _exited.TrySetResult(new SandboxExit(status, ""));

    public ValueTask DisposeAsync()
    {
        Kill();
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public async Task<(FrameType Type, string Payload)> ReceiveAsync()
    {
        while (true)
        {
            var read = await _toZygote.Reader.ReadAsync();
            var bytes = read.Buffer;
            if (FrameReader.TryRead(ref bytes, out var frame))
            {
                var received = (frame.Type, Encoding.UTF8.GetString(frame.Payload));
                _toZygote.Reader.AdvanceTo(bytes.Start);
                return received;
            }

            _toZygote.Reader.AdvanceTo(bytes.Start, bytes.End);
        }
    }

    public Task SendAsync(FrameType type, string payload) => SendAsync(type, Encoding.UTF8.GetBytes(payload));

    /// <summary>
    /// Writes one frame, and waits while the pipe is full. Throws <see cref="InvalidOperationException"/> once the zygote is dead.
    /// </summary>
    public Task SendAsync(FrameType type, byte[] payload) => WriteAsync(output => FrameWriter.Write(output, type, payload));

    public Task SendRawAsync(byte[] bytes) => WriteAsync(output => output.Write(bytes));

    public Task ReadyAsync() => SendAsync(FrameType.Ready, """{"protocol":1,"runtime":"node","version":"26"}""");

    public Task ResultAsync(char kind, string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        var header = new byte[] { (byte)kind, 0, 0, 0, 0 };
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), bytes.Length);
        return SendAsync(FrameType.Result, [.. header, .. bytes]);
    }

    public Task EndAsync(int exitCode = 0) =>
        SendAsync(FrameType.End, $$"""{"exitCode":{{exitCode}},"signal":null,"cpuMicroseconds":1500,"maxRssBytes":4096}""");

    public Task LastEndAsync() =>
        SendAsync(FrameType.End, """{"exitCode":0,"signal":null,"cpuMicroseconds":1500,"maxRssBytes":4096,"last":true}""");

    public Task EndBySignalAsync(int signal) =>
        SendAsync(FrameType.End, $$"""{"exitCode":null,"signal":{{signal}},"cpuMicroseconds":1,"maxRssBytes":1}""");

    private async Task WriteAsync(Action<PipeWriter> write)
    {
        ValueTask<FlushResult> flushing;
        lock (_writing)
        {
            write(_fromZygote.Writer);
            flushing = _fromZygote.Writer.FlushAsync();
        }

        await flushing;
    }

    private void EndOutput()
    {
        lock (_writing)
        {
            _fromZygote.Writer.CancelPendingFlush();
            _fromZygote.Writer.Complete();
        }
    }
}

/// <summary>A launcher whose start the test completes.</summary>
public sealed class ScriptedLauncher : ISandboxLauncher
{
    public TaskCompletionSource<ISandboxProcess> Start { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationToken Cancellation { get; private set; }

    public Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation)
    {
        Cancellation = cancellation;
        return Start.Task;
    }
}
