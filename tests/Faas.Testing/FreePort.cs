using System.Net;
using System.Net.Sockets;

namespace Faas.Testing;

/// <summary>A TCP port of loopback for a program that cannot choose one itself.</summary>
public static class FreePort
{
    /// <summary>A port that was free just now; another program may take it first.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
