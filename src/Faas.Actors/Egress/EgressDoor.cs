using System.Net.Sockets;
using Faas.Actors.Hosts;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Egress;

/// <summary>Accepts the connections of one sandbox.</summary>
internal sealed partial class EgressDoor : IEgressDoor
{
    // Connections past the limit of the sandbox that are told so; more are closed without a word.
    private const int Told = 16;

    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener;
    private readonly EgressParts _parts;
    private readonly ConnectionCount _all;
    private readonly ConnectionCount _told;
    private readonly Lock _gate = new();
    private readonly Dictionary<EgressConnection, Task> _open = [];
    private readonly SealedInForce _sealed = new();
    private readonly Task _accepting;

    private EgressAccount _account;
    private bool _isClosed;

    /// <summary>The door of one sandbox.</summary>
    /// <param name="listener">Its listening socket, which the door owns.</param>
    /// <param name="parts">What connections need.</param>
    /// <param name="all">The connections of all sandboxes.</param>
    /// <param name="told">Those past the limit of all that are told so.</param>
    public EgressDoor(Socket listener, EgressParts parts, ConnectionCount all, ConnectionCount told)
    {
        (_listener, _parts, _all, _told) = (listener, parts, all, told);
        _account = new EgressAccount(new EgressGrant(null, null, null, EgressRules.None), parts.Options.MostBytes);
        _accepting = AcceptAsync();
    }

    public EgressUse Use => Volatile.Read(ref _account).Use;

    public void Admit(EgressGrant grant, bool keepsConnections)
    {
        lock (_gate)
        {
            var ended = keepsConnections && _account.Grant.Allow.Equals(grant.Allow) ? [] : _open.Keys.ToArray();
            EndAccount();
            _sealed.Replace(grant.Sealed);
            Volatile.Write(ref _account, new EgressAccount(grant, _parts.Options.MostBytes));
            foreach (var connection in ended)
            {
                connection.Cut(null);
            }
        }
    }

    public void Extend(IReadOnlyList<SealedSecret> more)
    {
        lock (_gate)
        {
            _account.Extend(_parts.Options.MostBytes);
            _sealed.Add(more);
        }
    }

    public void Forget(IReadOnlyList<SealedSecret> ended) => _sealed.Remove(ended);

    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _isClosed = true;
            _listener.Dispose();
            foreach (var connection in _open.Keys)
            {
                connection.Cut(null);
            }

            ending = [.. _open.Values, _accepting];
        }

        await Task.WhenAll(ending);
        EndAccount();
    }

    private void EndAccount()
    {
        if (_account.End() is var unlisted and > 0)
        {
            var grant = _account.Grant;
            LogUnlisted(_parts.Log, unlisted, grant.Script ?? "-", grant.Version ?? 0, grant.CallId ?? "-");
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Serve(await _listener.AcceptAsync());
            }
            catch (Exception) when (Volatile.Read(ref _isClosed))
            {
                return;
            }
            catch (SocketException failure) // no descriptors, or a client that has left already
            {
                LogNotAccepted(_parts.Log, failure.SocketErrorCode);
                await Task.Delay(s_pauseAfterFailure);
            }
        }
    }

    private void Serve(Socket client)
    {
        lock (_gate)
        {
            var most = _parts.Options.MostConnectionsOfSandbox;
            if (_isClosed || _open.Count >= most + Told)
            {
                client.Dispose();
                return;
            }

            var hasPlace = _all.TryTake();
            if (!hasPlace && !_told.TryTake())
            {
                client.Dispose();
                return;
            }

            var refusal = _open.Count >= most ? EgressTexts.Crowded(most, "max-connections-per-sandbox")
                : !hasPlace ? EgressTexts.Crowded(_all.Most, "max-connections")
                : null;
            var connection = new EgressConnection(client, _account, _sealed, _parts, refusal);
            _open[connection] = Task.Run(() => ServeAsync(connection, hasPlace));
        }
    }

    private async Task ServeAsync(EgressConnection connection, bool hasPlace)
    {
        try
        {
            await connection.RunAsync();
        }
        catch (Exception defect)
        {
            LogDefect(_parts.Log, defect);
        }
        finally
        {
            connection.Dispose();
            (hasPlace ? _all : _told).GiveBack();
            lock (_gate)
            {
                _open.Remove(connection);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The proxy of a sandbox could not accept a connection: {Error}.")]
    private static partial void LogNotAccepted(ILogger log, SocketError error);

    [LoggerMessage(
        EventId = 2,
        EventName = "EgressUnlisted",
        Level = LogLevel.Information,
        Message = "egress unlisted={Unlisted} script={Script} version={Version} call={Call} reason=more connections of the run were not "
            + "let through than have a line of their own")]
    private static partial void LogUnlisted(ILogger log, long unlisted, string script, long version, string call);

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection of a sandbox to a host has ended by a defect of the server.")]
    private static partial void LogDefect(ILogger log, Exception defect);
}
