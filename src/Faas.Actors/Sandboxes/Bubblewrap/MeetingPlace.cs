using System.Net.Sockets;
using System.Text;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Mothers;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The folder with a socket on which the server listens for the children of one mother.
///
/// Theory of operation: a child that has connected sends one line, the stream's name and its token. The kernel tells the pid of the
/// process that has connected, and its user, which must be the mother's: a child calls before it takes its sandbox's user. Nothing else
/// can reach the socket: only that user may write it, and a child covers the folder before it runs a script. Source: unix(7),
/// SO_PEERCRED.
/// </summary>
internal sealed class MeetingPlace : IDisposable
{
    private const string SocketName = "server";
    private const int LongestLine = 64;
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int PeerCredentials = 17; // SO_PEERCRED
    private const int CredentialBytes = 12; // struct ucred: pid, uid, gid
    private const int Backlog = 1024;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly long _uid;

    /// <summary>Makes the folder and listens. Throws <see cref="IOException"/> or <see cref="SocketException"/>.</summary>
    /// <param name="folder">The folder, which does not exist yet.</param>
    /// <param name="uid">The host user of the mother; null: the server's own.</param>
    public MeetingPlace(string folder, long? uid)
    {
        Folder = Readable.MakeFolder(folder);
        try
        {
            var path = Path.Combine(folder, SocketName);
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            _uid = uid ?? Posix.OwnUser;
            Posix.GiveTo(path, _uid);
            _listener.Listen(Backlog);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The path of the socket inside a mother.</summary>
    public static string SocketInside => $"{MotherCommand.MeetingInside}/{SocketName}";

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Tells each call, until the place is disposed of.</summary>
    public async Task ListenAsync(Action<ChildConnection> called)
    {
        while (true)
        {
            Socket caller;
            try
            {
                caller = await _listener.AcceptAsync();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException closed) when (closed.SocketErrorCode == SocketError.OperationAborted)
            {
                return;
            }

            _ = GreetAsync(caller, called);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        try
        {
            Directory.Delete(Folder, true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process, such as a cleaner of the temporary folder, has removed it.
        }
    }

    private async Task GreetAsync(Socket caller, Action<ChildConnection> called)
    {
        try
        {
            var (pid, uid) = CredentialsOf(caller);
            if (uid == _uid && Parse(await ReadLineAsync(caller)) is var (stream, token))
            {
                called(new ChildConnection(token, stream, pid, caller));
                return;
            }
        }
        catch (SocketException)
        {
            // The child has died. Its mother tells how.
        }

        caller.Dispose();
    }

    private static (int Pid, long Uid) CredentialsOf(Socket caller)
    {
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        caller.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return (BitConverter.ToInt32(credentials), BitConverter.ToUInt32(credentials[4..]));
    }

    // Reads no byte behind the line: what follows is for the owner of the connection.
    private static async Task<string?> ReadLineAsync(Socket caller)
    {
        var line = new byte[LongestLine];
        for (var length = 0; length < line.Length; length++)
        {
            if (await caller.ReceiveAsync(line.AsMemory(length, 1), SocketFlags.None) == 0)
            {
                return null;
            }

            if (line[length] == '\n')
            {
                return Encoding.ASCII.GetString(line, 0, length);
            }
        }

        return null;
    }

    private static (ChildStream Stream, string Token)? Parse(string? line) => line?.Split(' ') switch
    {
        ["out", { Length: > 0 } token] => (ChildStream.Frames, token),
        ["err", { Length: > 0 } token] => (ChildStream.Stderr, token),
        _ => null,
    };
}
