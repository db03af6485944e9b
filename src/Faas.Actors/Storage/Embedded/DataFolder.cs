using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Faas.Actors.Linux;
using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Storage.Embedded;

/// <summary>
/// The folder of the embedded store while a server holds it. It has <c>lock</c>, which the server holds for its life (flock(2):
/// the lock ends with the process), <c>pid</c>, which names that server, and <c>redis/</c> (0700) with all of Redis's files
/// and its socket.
/// A socket's address holds at most 107 bytes, so a longer path is reached through a descriptor of the folder.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The socket's name; redis-server runs in the folder and binds it by that.</summary>
    public const string SocketName = "redis.sock";

    private const int MaxSocketPath = 107;
    private const int WouldBlock = 11; // EWOULDBLOCK of flock(2), by which .NET implements FileShare.None
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;
    private readonly int _descriptor;

    private DataFolder(string redisPath, FileStream @lock, int descriptor)
    {
        RedisPath = redisPath;
        _lock = @lock;
        _descriptor = descriptor;
        var direct = Path.Combine(redisPath, SocketName);
        Socket = new UnixDomainSocketEndPoint(
            Encoding.UTF8.GetByteCount(direct) <= MaxSocketPath ? direct : $"/proc/self/fd/{descriptor}/{SocketName}");
    }

    /// <summary>Where Redis's files lie.</summary>
    public string RedisPath { get; }

    /// <summary>The address of Redis's socket, good within this process.</summary>
    public EndPoint Socket { get; }

    /// <summary>The folder as the kernel names it, links resolved.</summary>
    public string KernelPath => new FileInfo($"/proc/self/fd/{_descriptor}").LinkTarget!;

    /// <summary>
    /// Creates the folder where it is missing, and takes it; throws <see cref="StoreStartException"/> when that cannot be.
    /// </summary>
    public static DataFolder Take(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            var held = Lock(path);
            var redis = Path.Combine(path, "redis");
            Directory.CreateDirectory(redis, OwnerOnly);
            File.SetUnixFileMode(redis, OwnerOnly);
            return new DataFolder(redis, held, Posix.OpenFolder(redis));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreStartException(
                $"The data folder '{path}' cannot be used: {failure.Message} "
                + "Make it writable, or name another in FAAS_DATA_DIR (faas.store.embedded.data-dir).",
                failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Posix.Close(_descriptor);
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        var holder = Path.Combine(path, "pid");
        try
        {
            var held = new FileStream(
                Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException conflict) when (conflict.HResult == WouldBlock)
        {
            var who = File.Exists(holder) ? File.ReadAllText(holder) : "unknown"; // the other server may not have written it yet
            throw new StoreStartException(
                $"The data folder '{path}' is in use by another server (process {who}). "
                + "Stop that one, or name another folder in FAAS_DATA_DIR (faas.store.embedded.data-dir).",
                conflict);
        }
    }
}
