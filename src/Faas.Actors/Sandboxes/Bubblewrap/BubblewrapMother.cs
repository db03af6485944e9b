using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Mothers;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// One bubblewrap process with a mother in it.
///
/// Theory of operation: as for a sandbox, the server's child is the outer process of bubblewrap, and process 1 of the pid namespace, here
/// the mother, dies with it, and then every sandbox. Lines to her go through a queue, so that a mother that does not read holds up no
/// actor.
/// </summary>
internal sealed class BubblewrapMother : IMotherProcess
{
    private readonly Process _process;
    private readonly ISandboxCgroup _cgroup;
    private readonly MeetingPlace _place;
    private readonly Channel<string> _orders = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Takes the process, its cgroup and its meeting place over.</summary>
    public BubblewrapMother(Process process, ISandboxCgroup cgroup, MeetingPlace place)
    {
        (_process, _cgroup, _place) = (process, cgroup, place);
        Exited = WatchAsync();
    }

    public Task<SandboxExit> Exited { get; }

    /// <summary>Her stdout. For the launcher, before <see cref="Listen"/>.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    public long MemoryBytes => _cgroup.MemoryBytes + _cgroup.KernelBytes;

    public void Listen(Action<MotherEvent> report)
    {
        _ = _place.ListenAsync(called => report(new ChildCalled(called)));
        _ = ReadAsync(report);
        _ = WriteOrdersAsync();
    }

    public void Send(string order) => _orders.Writer.TryWrite(order);

    /// <summary>Writes to her stdin. For the launcher, before <see cref="Listen"/>.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _process.StandardInput.BaseStream.WriteAsync(bytes);
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    public void Kill()
    {
        if (!Exited.IsCompleted)
        {
            _process.Kill();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited;
        _process.StandardInput.BaseStream.Dispose();
        _process.StandardOutput.BaseStream.Dispose();
        _process.StandardError.BaseStream.Dispose();
        _process.Dispose();
    }

    private async Task<SandboxExit> WatchAsync()
    {
        var tail = new ByteTail(SandboxExit.StderrBytes);
        var drained = tail.DrainAsync(_process.StandardError.BaseStream);
        await _process.WaitForExitAsync();
        _orders.Writer.TryComplete();
        await _cgroup.RemoveAsync();
        await drained;
        _place.Dispose();
        return SandboxExit.Of(_process.ExitCode, tail);
    }

    private async Task ReadAsync(Action<MotherEvent> report)
    {
        var lines = new StreamReader(Output, Encoding.UTF8);
        while (await lines.ReadLineAsync() is { } line)
        {
            report(MotherReply.Parse(line));
        }
    }

    private async Task WriteOrdersAsync()
    {
        try
        {
            await foreach (var order in _orders.Reader.ReadAllAsync())
            {
                await WriteAsync(Encoding.UTF8.GetBytes($"{order}\n"));
            }
        }
        catch (IOException)
        {
            // She is dead, and Exited tells it.
        }
    }
}
