using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>
/// A redis-server over TCP on loopback. Its parent is a shell that waits for the end of its stdin and then kills it,
/// so it ends with the test host, however that ends.
/// </summary>
public sealed class RedisServerProcess : IDisposable
{
    private const string Guarded = "\"$@\" </dev/null >redis.log 2>&1 & echo $!; read -r _; kill -9 $!; wait";

    private readonly Process _shell;

    private RedisServerProcess(Process shell, int port)
    {
        _shell = shell;
        Port = port;
        ProcessId = int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>redis-server's own process id.</summary>
    public int ProcessId { get; }

    /// <summary>Starts one in a folder; it may not accept calls yet.</summary>
    public static RedisServerProcess Start(string folder, int port, string password)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments = ["-c", Guarded, "sh", "redis-server", "--bind", "127.0.0.1", "--port", $"{port}", "--requirepass", password, "--appendonly", "yes", "--save", ""];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new RedisServerProcess(Process.Start(start)!, port);
    }

    /// <summary>A port that was free just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
