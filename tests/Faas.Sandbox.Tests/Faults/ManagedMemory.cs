using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Asks a server, through <see cref="StartupHook"/>, for its managed memory in bytes.</summary>
internal sealed class ManagedMemory : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-memory-");

    /// <summary>What the server has to be started with.</summary>
    public (string Name, string Value)[] Environment =>
        [("DOTNET_STARTUP_HOOKS", typeof(ManagedMemory).Assembly.Location), (StartupHook.Variable, Address)];

    private string Address => Path.Combine(_folder, "socket");

    /// <summary>What is in use once all garbage is collected.</summary>
    public async Task<long> AskAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Address));
        using var answer = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        return long.Parse(await answer.ReadToEndAsync(), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_folder, true);
}
