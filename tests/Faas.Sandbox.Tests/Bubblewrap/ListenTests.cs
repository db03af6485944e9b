using System.Net;
using System.Net.Sockets;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>Sockets that the server makes in a sandbox.</summary>
[Collection(nameof(LauncherUnderTest))]
public abstract class ListenTests(LaunchMode launch)
{
    private static string OwnNamespace => new FileInfo("/proc/self/ns/net").LinkTarget!;

    [Fact]
    public async Task Only_the_sandbox_reaches_what_listens_in_it_and_no_thread_of_the_server_stays_there()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // and never listens: on this machine, nothing listens at the port
        var port = (ushort)((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var one = await launcher.StartAsync();
        var other = await launcher.StartAsync();
        using var listener = await one.Process.ListenAsync(port);
        using var second = await other.Process.ListenAsync((ushort)(port + 1));
        Assert.All(
            Directory.GetDirectories("/proc/self/task"),
            thread => Assert.Equal(OwnNamespace, new FileInfo($"{thread}/ns/net").LinkTarget));

        var connect = $"import socket\nreturn socket.create_connection(('127.0.0.1', {port}), 20).recv(9).decode()";
        var returned = one.ReturnAsync(connect);
        using (var connection = await listener.AcceptAsync().WaitAsync(Patience.Of(TimeSpan.FromSeconds(30))))
        {
            await connection.SendAsync("from here"u8.ToArray());
        }

        Assert.Equal("from here", (await returned).GetString());
        Assert.Equal(
            "ConnectionRefusedError",
            (await other.ReturnAsync(
                "import socket\ntry:\n    socket.create_connection(('127.0.0.1', " + port + "), 5)\nexcept Exception as error:\n"
                    + "    return type(error).__name__")).GetString());
        using var host = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => host.ConnectAsync(IPAddress.Loopback, port));
    }

    [Fact]
    public async Task A_port_that_is_taken_and_a_sandbox_that_is_gone_are_told()
    {
        var port = (ushort)FreePort.Find();
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        using var listener = await sandbox.Process.ListenAsync(port);
        var taken = await Assert.ThrowsAsync<IOException>(() => sandbox.Process.ListenAsync(port));
        Assert.Contains("Address already in use", taken.Message, StringComparison.Ordinal);

        sandbox.Process.Kill();
        await sandbox.Process.Exited;
        await Assert.ThrowsAsync<IOException>(() => sandbox.Process.ListenAsync(port));
    }
}
