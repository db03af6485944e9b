using System.Collections.Concurrent;
using Faas.Actors.Lending;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// The scripts whose actors are in memory, readable from any thread, so that a call asks neither the actor nor the store
/// which version it means. A node has one such object.
/// <para>
/// Theory of operation. A script's actor shows its durable state here: after its recovery, and after each change before
/// it replies to the asker. So a client that was told of a version never gets an older one. When the actor ends, its
/// state disappears from here; the next call asks the registry, which starts the actor anew from what is stored. Reading a
/// script here counts as using it, which keeps its actor in memory.
/// </para>
/// <para>
/// When the store fails an actor, the actor ends, but its state stays here: runs go on by what clients were last told. A change that was
/// told as failed may be stored or not, so the state is *in doubt*, and nothing but runs goes by it. Once the store answers, a
/// successor shows what is stored.
/// </para>
/// <para>
/// In a cluster, what is shown here may be served only in the term in which it was shown: while this node has the lease of the script's
/// shard, and has had it ever since.
/// </para>
/// </summary>
/// <param name="authority">Says whether what is shown here may be served.</param>
public sealed class LiveScripts(IAuthority authority) : IScriptReads
{
    private readonly ConcurrentDictionary<string, Shown> _byPath = new(StringComparer.Ordinal);

    /// <summary>The scripts of a server that has its store for itself.</summary>
    public LiveScripts()
        : this(SoleAuthority.Instance)
    {
    }

    /// <summary>The script, if its actor is in memory; it counts as used.</summary>
    public ScriptState? Find(string path)
    {
        if (!_byPath.TryGetValue(path, out var shown) || !authority.Holds(path, shown.Term))
        {
            return null;
        }

        shown.Used = true;
        return shown.State;
    }

    /// <inheritdoc/>
    public ScriptState? FindCertain(string path) =>
        _byPath.TryGetValue(path, out var shown) && shown.DoubtedAt is null && authority.Holds(path, shown.Term)
            ? shown.State
            : null;

    /// <summary>The script's actor shows its state. A script that does not exist is not shown.</summary>
    /// <param name="state">The state.</param>
    /// <param name="asUsed">Whether this counts as using the script.</param>
    public void Show(ScriptState state, bool asUsed = true)
    {
        if (state.Latest is not null && authority.Term(state.Path) is > 0 and var term)
        {
            _byPath[state.Path] = new Shown(state, term) { Used = asUsed };
        }
        else
        {
            Hide(state.Path);
        }
    }

    /// <summary>Whether the script was read or shown since this was last asked.</summary>
    public bool WasUsed(string path)
    {
        if (!_byPath.TryGetValue(path, out var shown))
        {
            return false;
        }

        var used = shown.Used;
        shown.Used = false;
        return used;
    }

    /// <summary>Whether the script's actor is in memory; this does not count as using it.</summary>
    internal bool Has(string path) => _byPath.ContainsKey(path);

    /// <summary>The store has failed the script's actor, which ends: what it has shown is in doubt.</summary>
    /// <param name="path">The script.</param>
    /// <param name="now">The time.</param>
    /// <param name="apart">How far apart attempts to read the script anew are.</param>
    /// <returns>Whether the caller is to have the script read anew, that long from now.</returns>
    internal bool Doubt(string path, DateTimeOffset now, TimeSpan apart)
    {
        if (!_byPath.TryGetValue(path, out var shown) || now - shown.DoubtedAt < apart)
        {
            return false;
        }

        shown.DoubtedAt = now;
        return true;
    }

    /// <summary>The script's actor ends.</summary>
    public void Hide(string path) => _byPath.TryRemove(path, out _);

    private sealed class Shown(ScriptState state, long term)
    {
        private volatile bool _used;

        public ScriptState State { get; } = state;

        public long Term { get; } = term;

        /// <summary>
        /// When it was last put in doubt; null: it is not in doubt. Only the script's actors write it, one after the other.
        /// </summary>
        public DateTimeOffset? DoubtedAt { get; set; }

        public bool Used
        {
            get => _used;
            set => _used = value;
        }
    }
}
