using System.Collections;
using Akka.Event;

namespace Faas.Http.Server.Logs;

/// <summary>What an actor has logged: its text, and which actor it was. Level, time and exception belong to the entry itself.</summary>
/// <param name="said">The event.</param>
public sealed class ActorLine(LogEvent said) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly string _text = $"{said.Message}";
    private readonly KeyValuePair<string, object?>[] _fields = [new("actor", said.LogSource)];

    /// <inheritdoc />
    public int Count => _fields.Length;

    /// <inheritdoc />
    public KeyValuePair<string, object?> this[int index] => _fields[index];

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, object?>>)_fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary><c>node-0 did not start: … actor=akka://faas/user/pool</c></summary>
    public override string ToString() => $"{_text} actor={_fields[0].Value}";
}
