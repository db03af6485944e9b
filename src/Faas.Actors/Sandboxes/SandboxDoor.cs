using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// The way out of one sandbox, where the version that it is bound to asks for hosts.
///
/// Theory of operation: a sandbox has no network but its own loopback. When it is bound to such a version, before anything of the version
/// is there, the server makes a listening socket on that loopback and gives it to the proxy. So the socket says which sandbox asks, and
/// no other sandbox can reach it. The door is open until the sandbox is dead. Each run is admitted anew, and the connections of the run
/// before are closed, unless runs share a process. Where one process serves several runs at once, a connection cannot be told to belong to
/// one of them: they are admitted together, whenever the first of them begins, and each further one adds its bytes and its sealed secrets.
/// </summary>
/// <param name="proxy">The proxy; null: this server has none.</param>
internal sealed class SandboxDoor(IEgressProxy? proxy) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private IEgressDoor? _door;
    private bool _isClosed;

    /// <summary>Opens the door for the runs of a version, if they ask for hosts. Throws <see cref="DoorNotOpenedException"/>.</summary>
    /// <param name="process">The sandbox, which is ready and not bound.</param>
    /// <param name="run">The first run of the version in it.</param>
    public Task OpenForAsync(ISandboxProcess process, Run run) =>
        run.Settings?.Network is null ? Task.CompletedTask : OpenAsync(process);

    /// <summary>Lets a run out, as its version asks. Not for a run that only compiles the script.</summary>
    public void Admit(Run run) => Admit(run, run.CallId, run.Isolation == Isolation.Shared);

    /// <summary>Lets the runs out that one process serves at once.</summary>
    public void AdmitAllOf(Run run) => Admit(run, callId: null, keepsConnections: true);

    /// <summary>Lets one more run out, at the same time as those of <see cref="AdmitAllOf"/>.</summary>
    public void Extend(Run run) => _door?.Extend(SealedOf(run));

    /// <summary>A run has ended: no request gets its secrets any more.</summary>
    public void Forget(Run run)
    {
        if (SealedOf(run) is { Count: > 0 } ended)
        {
            _door?.Forget(ended);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            return _door?.DisposeAsync() ?? ValueTask.CompletedTask;
        }
    }

    private void Admit(Run run, string? callId, bool keepsConnections)
    {
        if (run.Settings?.Network is { } allow)
        {
            var isStored = run.Version is not null;
            var grant = new EgressGrant(isStored ? run.Queue : null, run.Version, callId, allow)
            {
                Bindings = run.Settings.Sealed is { } bound ? [.. bound.Entries.Select(entry => entry.Value)] : [],
                Sealed = SealedOf(run),
            };
            _door?.Admit(grant, keepsConnections);
        }
    }

    private static IReadOnlyList<SealedSecret> SealedOf(Run run) => run.Secrets?.Sealed ?? [];

    private async Task OpenAsync(ISandboxProcess process)
    {
        try
        {
            var door = (proxy ?? throw new IOException("the server has no proxy")).Open(await process.ListenAsync(ProxyAddress.Port));
            if (!TryKeep(door))
            {
                await door.DisposeAsync();
            }
        }
        catch (IOException failure)
        {
            throw new DoorNotOpenedException(failure);
        }
    }

    private bool TryKeep(IEgressDoor door)
    {
        lock (_lock)
        {
            _door = door;
            return !_isClosed;
        }
    }
}
