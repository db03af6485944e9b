using System.Collections.Immutable;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>
/// The sealed secrets of the runs that are in one sandbox. Every connection of the sandbox sees the same ones: one that a process keeps
/// open from run to run, and one of a process that serves several runs at once, cannot be told to belong to a single run.
/// </summary>
internal sealed class SealedInForce
{
    private ImmutableArray<SealedSecret> _all = [];

    /// <summary>All of them.</summary>
    public ImmutableArray<SealedSecret> All => ImmutableInterlocked.InterlockedCompareExchange(ref _all, [], []);

    /// <summary>A run begins that is alone.</summary>
    public void Replace(IEnumerable<SealedSecret> secrets) => ImmutableInterlocked.InterlockedExchange(ref _all, [.. secrets]);

    /// <summary>A further run begins.</summary>
    public void Add(IReadOnlyList<SealedSecret> secrets) =>
        ImmutableInterlocked.Update(ref _all, static (all, more) => all.AddRange(more), secrets);

    /// <summary>A run has ended beside others.</summary>
    public void Remove(IReadOnlyList<SealedSecret> secrets) =>
        ImmutableInterlocked.Update(ref _all, static (all, ended) => all.RemoveRange(ended), secrets);

    /// <summary>Whether a secret is bound to a host at a port.</summary>
    public bool BindTo(HostName host, int port) => All.Any(secret => secret.Hosts.Permits(host, port));
}
