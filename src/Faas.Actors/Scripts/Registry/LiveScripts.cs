using System.Collections.Concurrent;

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
/// </summary>
public sealed class LiveScripts : IScriptReads
{
    private readonly ConcurrentDictionary<string, Shown> _byPath = new(StringComparer.Ordinal);

    /// <summary>The script, if its actor is in memory; it counts as used.</summary>
    public ScriptState? Find(string path)
    {
        if (!_byPath.TryGetValue(path, out var shown))
        {
            return null;
        }

        shown.Used = true;
        return shown.State;
    }

    /// <summary>The script's actor shows its state. A script that does not exist is not shown.</summary>
    /// <param name="state">The state.</param>
    /// <param name="asUsed">Whether this counts as using the script.</param>
    public void Show(ScriptState state, bool asUsed = true)
    {
        if (state.Latest is not null)
        {
            _byPath[state.Path] = new Shown(state) { Used = asUsed };
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

    /// <summary>The script's actor ends.</summary>
    public void Hide(string path) => _byPath.TryRemove(path, out _);

    private sealed class Shown(ScriptState state)
    {
        private volatile bool _used;

        public ScriptState State { get; } = state;

        public bool Used
        {
            get => _used;
            set => _used = value;
        }
    }
}
