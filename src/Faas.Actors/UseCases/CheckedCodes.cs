using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>
/// Remembers code that compiles, so that the same text is not checked again: a deployment often publishes texts that have not changed.
/// It holds the keys of the last <see cref="Most"/> codes and no text. Safe from any thread.
/// </summary>
public sealed class CheckedCodes
{
    /// <summary>How many codes are remembered; the one that was added first is forgotten first.</summary>
    public const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Whether this code has passed a check.</summary>
    public bool Knows(ScriptCode code)
    {
        lock (_gate)
        {
            return _keys.Contains(code.Key);
        }
    }

    /// <summary>This code has passed a check.</summary>
    public void Add(ScriptCode code)
    {
        lock (_gate)
        {
            if (!_keys.Add(code.Key))
            {
                return;
            }

            _order.Enqueue(code.Key);
            if (_order.Count > Most)
            {
                _keys.Remove(_order.Dequeue());
            }
        }
    }
}
