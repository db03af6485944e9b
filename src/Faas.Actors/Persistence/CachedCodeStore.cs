using Faas.Actors.Invocations;

namespace Faas.Actors.Persistence;

/// <summary>
/// Keeps recently used code in memory, in front of a store; code never changes, so there is nothing to invalidate.
/// Least recently used code goes first once the sizes together pass the limit; code larger than the limit is not kept.
/// </summary>
/// <param name="store">Where the code lies.</param>
/// <param name="maxBytes">What may be kept, counted as UTF-16 text; 0: nothing.</param>
public sealed class CachedCodeStore(ICodeStore store, long maxBytes) : ICodeStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<ScriptCode>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<ScriptCode> _newestFirst = new();
    private long _bytes;

    /// <summary>What is kept now, in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <inheritdoc/>
    public async Task PutAsync(ScriptCode code, CancellationToken cancellation)
    {
        await store.PutAsync(code, cancellation);
        Keep(code);
    }

    /// <inheritdoc/>
    public async Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation)
    {
        if (Find($"{language.ToWire()}:{hash}") is { } kept)
        {
            return kept;
        }

        var code = await store.GetAsync(language, hash, cancellation);
        if (code is not null)
        {
            Keep(code);
        }

        return code;
    }

    private ScriptCode? Find(string key)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var node))
            {
                return null;
            }

            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value;
        }
    }

    private void Keep(ScriptCode code)
    {
        lock (_gate)
        {
            if (SizeOf(code) > maxBytes || _byKey.ContainsKey(code.Key))
            {
                return;
            }

            _byKey.Add(code.Key, _newestFirst.AddFirst(code));
            _bytes += SizeOf(code);
            while (_bytes > maxBytes && _newestFirst.Last is { } oldest)
            {
                _newestFirst.RemoveLast();
                _byKey.Remove(oldest.Value.Key);
                _bytes -= SizeOf(oldest.Value);
            }
        }
    }

    /// <summary>Text, and some 200 bytes for the objects around it.</summary>
    private static long SizeOf(ScriptCode code) =>
        200 + sizeof(char) * ((long)code.Source.Length + code.Hash.Length + (code.Compiled?.JavaScript.Length ?? 0) + (code.Compiled?.SourceMap.Length ?? 0));
}
