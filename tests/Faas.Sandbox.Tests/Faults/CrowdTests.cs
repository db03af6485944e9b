using System.Net;
using System.Net.Sockets;
using Xunit.Abstractions;
using DescriptorBudget = Faas.Http.Server.Connections.DescriptorBudget;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Very many clients that have a connection and do nothing with it.</summary>
[TestLimit(300)]
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Wanted = 10_000;
    private const int AtOnce = 100;
    private const int PoolSize = 2;

    // What the test has besides, and what the server serves besides.
    private const int Others = 1000;

    [Fact]
    public async Task Ten_thousand_connections_are_held_and_others_are_served()
    {
        var crowd = RaiseLimit(Wanted + Others) - Others;
        await using var server = await FaasServer.StartAsync($"faas {{ http.connections.max = {crowd + 100}, pool.running = {PoolSize}, pool.sandboxes = {PoolSize} }}");
        await server.UploadAsync("kept", "python", "return 'kept'");
        Assert.Equal("\"kept\"", (await server.RunAsync("kept")).Data);
        var (resident, descriptors) = (server.ResidentBytes(), Descriptors(server));

        var clients = new List<Socket>();
        try
        {
            for (var connected = 0; connected < crowd; connected += AtOnce)
            {
                clients.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => GreetAsync(server))));
            }

            var each = (server.ResidentBytes() - resident) / clients.Count;
            output.WriteLine($"{clients.Count} connections take {each / 1024.0:0.0} KiB of memory each");
            Assert.InRange(Descriptors(server) - descriptors, clients.Count, clients.Count + 100);
            Assert.InRange(each, 0, 64 << 10);

            Assert.True(await server.UploadAsync("new", "python", "return 'new'") > 0);
            Assert.Equal("\"new\"", (await server.RunAsync("new")).Data);
            (await GreetAsync(server)).Dispose();
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await Eventually.HoldsAsync(
            () => Descriptors(server) <= descriptors + 20,
            TimeSpan.FromSeconds(10),
            () => $"{Descriptors(server)} descriptors where there were {descriptors}");
        Assert.Equal("\"kept\"", (await server.RunAsync("kept")).Data);
        await server.EndAsync();
    }

    // A connection that was answered once and is kept.
    private static async Task<Socket> GreetAsync(FaasServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await socket.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            Assert.True(await socket.ReceiveAsync(new byte[1024]) > 0, "The connection was closed.");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lets this process, and the server that it starts, have so many descriptors; returns how many it may have where that is not allowed.
    /// </summary>
    private static int RaiseLimit(int wanted)
    {
        var most = wanted + (int)new DescriptorBudget(0, PoolSize, PoolSize).Needed;
        if (DescriptorBudget.OfThisProcess(PoolSize, PoolSize).Limit < most && Environment.IsPrivilegedProcess)
        {
            HostProgram.Run("prlimit", "--pid", $"{Environment.ProcessId}", $"--nofile={most}:{most}");
        }

        return (int)Math.Min(wanted, DescriptorBudget.OfThisProcess(PoolSize, PoolSize).Limit - (most - wanted));
    }

    private static int Descriptors(FaasServer server) => Holdings.DescriptorsOf(server).Count;
}
