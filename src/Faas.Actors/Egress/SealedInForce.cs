using System.Collections.Immutable;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>
/// The sealed secrets of the runs that are in one sandbox. Every connection of the sandbox sees the same ones: one that a process keeps
/// open from run to run, and one of a process that serves several runs at once, cannot be told to belong to a single run.
/// </summary>
internal sealed class SealedInForce
{
    private ImmutableDictionary<string, SealedSecret> _all = ImmutableDictionary<string, SealedSecret>.Empty;

    /// <summary>All of them by their placeholders.</summary>
    public ImmutableDictionary<string, SealedSecret> All => Volatile.Read(ref _all);

    /// <summary>A run begins that is alone.</summary>
    public void Replace(IEnumerable<SealedSecret> secrets) =>
        Volatile.Write(ref _all, secrets.ToImmutableDictionary(secret => secret.Placeholder, StringComparer.Ordinal));

    /// <summary>A further run begins.</summary>
    public void Add(IReadOnlyList<SealedSecret> secrets) => ImmutableInterlocked.Update(
        ref _all, static (all, more) => all.SetItems(more.Select(secret => KeyValuePair.Create(secret.Placeholder, secret))), secrets);

    /// <summary>A run has ended.</summary>
    public void Remove(IReadOnlyList<SealedSecret> secrets) => ImmutableInterlocked.Update(
        ref _all, static (all, ended) => all.RemoveRange(ended.Select(secret => secret.Placeholder)), secrets);
}
