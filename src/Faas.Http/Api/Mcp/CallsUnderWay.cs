using System.Collections.Concurrent;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// The calls of tools that a client can cancel by a message.
/// <para>
/// Theory of operation. The message is a request of its own, which names the call by the id that its client gave to it; other clients use
/// the same ids. So the server gives each client that begins with <c>initialize</c> a random session id, which the client sends
/// with every request. Nothing is kept of a session: a call is known by key, session and id while it is under way, and by nothing
/// afterwards. A client without a session, and each client of protocol 2026-07-28 and later, cancels by closing the connection.
/// </para>
/// </summary>
public sealed class CallsUnderWay
{
    private readonly ConcurrentDictionary<CallName, CancellationTokenSource> _calls = new();

    /// <summary>A call begins. It ends, and is no longer known, when what this returns is disposed of.</summary>
    internal CallUnderWay Begin(CallName? name) => new(this, name);

    /// <summary>Cancels a call; nothing happens when it has ended, or is not known.</summary>
    internal void Cancel(CallName name)
    {
        if (_calls.TryGetValue(name, out var call))
        {
            try
            {
                call.Cancel();
            }
            catch (ObjectDisposedException)
            {
                return; // it has ended meanwhile
            }
        }
    }

    internal void Add(CallName name, CancellationTokenSource call) => _calls.TryAdd(name, call);

    internal void Remove(CallName name, CancellationTokenSource call) => _calls.TryRemove(KeyValuePair.Create(name, call));
}

/// <summary>What names a call while it is under way.</summary>
/// <param name="Key">The caller's key; null: it has none.</param>
/// <param name="Session">The client's session.</param>
/// <param name="Id">The client's name for the call, as JSON.</param>
internal sealed record CallName(string? Key, string Session, string Id);

/// <summary>One call under way.</summary>
internal sealed class CallUnderWay : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CallsUnderWay _calls;
    private readonly CallName? _name;

    internal CallUnderWay(CallsUnderWay calls, CallName? name)
    {
        (_calls, _name) = (calls, name);
        if (name is not null)
        {
            calls.Add(name, _cancelled);
        }
    }

    /// <summary>Cancelled when the client says so.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        if (_name is not null)
        {
            _calls.Remove(_name, _cancelled);
        }

        _cancelled.Dispose();
    }
}
