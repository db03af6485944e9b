namespace Faas.Actors.Egress;

/// <summary>
/// The ports on which this server itself listens. No sandbox reaches them through the proxy, even where the operator has named the
/// addresses of this machine: a script would be a caller from this machine then.
/// </summary>
public sealed class ServerPorts
{
    private volatile int[] _ports = [];

    /// <summary>The server listens now.</summary>
    public void Set(IEnumerable<int> ports) => _ports = [.. ports];

    /// <summary>Whether a port is the server's.</summary>
    public bool Contain(int port) => Array.IndexOf(_ports, port) >= 0;
}
