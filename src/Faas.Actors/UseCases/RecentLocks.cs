using System.Collections.Concurrent;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>
/// The locks of code that is run without being stored, so that the versions of its libraries are not chosen anew for each call. Each is
/// kept for <see cref="Age"/>, and then chosen anew.
/// </summary>
public sealed class RecentLocks(TimeProvider time)
{
    /// <summary>How long a lock is kept.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private const int Most = 1000;
    private const int MostCharacters = 256 << 10;

    private readonly ConcurrentDictionary<(Language, string, Dependencies?), (string Lock, DateTimeOffset At)> _locks = new();

    /// <summary>The code with its lock, if that is kept; else the code as it is.</summary>
    public ScriptCode On(ScriptCode source) =>
        source.MayNeedLibraries() && _locks.TryGetValue(KeyOf(source), out var kept) && time.GetUtcNow() - kept.At < Age
            ? source.With(kept.Lock)
            : source;

    /// <summary>Keeps the lock that was chosen for a source.</summary>
    public void Keep(ScriptCode source, ScriptCode locked)
    {
        if (locked.Lock is not { Length: <= MostCharacters } @lock)
        {
            return;
        }

        if (_locks.Count >= Most && !_locks.ContainsKey(KeyOf(source)))
        {
            var oldest = _locks.MinBy(entry => entry.Value.At).Key;
            _locks.TryRemove(oldest, out _);
        }

        var now = time.GetUtcNow();
        _locks.AddOrUpdate(KeyOf(source), _ => (@lock, now), (_, kept) => now - kept.At < Age ? kept : (@lock, now));
    }

    private static (Language, string, Dependencies?) KeyOf(ScriptCode source) => (source.Language, source.Hash, source.Dependencies);
}
