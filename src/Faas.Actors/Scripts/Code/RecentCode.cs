namespace Faas.Actors.Scripts.Code;

/// <summary>
/// Recently used code in memory. Code never changes, so nothing has to be invalidated. When the sizes together pass the
/// limit, the least recently used code is dropped first; code larger than the limit is not kept.
/// </summary>
/// <param name="maxBytes">What may be kept, counted as UTF-16 text; 0: nothing.</param>
public sealed class RecentCode(long maxBytes)
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

    /// <summary>The code of that <see cref="ScriptCode.Key"/>, if it is kept.</summary>
    public ScriptCode? Find(string key)
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

    /// <summary>Keeps the code as the most recently used.</summary>
    public void Keep(ScriptCode code)
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

    /// <summary>Text, the files of a tree, and some 200 bytes for the objects around each.</summary>
    private static long SizeOf(ScriptCode code) =>
        200 + (code.Tree?.Bytes ?? 0) + (200L * (code.Tree?.Files.Count ?? 0)) + sizeof(char) * (
            (long)code.Source.Length + code.Hash.Length + (code.Lock?.Length ?? 0)
            + (code.Compiled?.JavaScript.Length ?? 0) + (code.Compiled?.SourceMap.Length ?? 0));
}
