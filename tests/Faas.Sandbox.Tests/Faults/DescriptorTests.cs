using System.Net;
using System.Net.Sockets;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>The server has no descriptor left (RLIMIT_NOFILE, <c>ulimit -n</c>).</summary>
public sealed class DescriptorTests
{
    private const int Left = 60;
    private const int Few = 10;
    private const int Clients = 500;

    [Fact(Skip = "In one of some twenty runs the .NET runtime itself ends, with \"Out of memory.\": the server must not let itself come to this.")]
    public async Task Five_hundred_clients_take_all_there_are_and_when_they_leave_all_is_well()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("kept", "python", "return 'kept'");
        var most = DescriptorsOf(server) + Left;
        HostProgram.Run("prlimit", "--pid", $"{server.Pid}", $"--nofile={most}:{most}");
        var clients = Enumerable.Range(0, Clients).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
        try
        {
            await Task.WhenAll(clients.Select(client => client.ConnectAsync(IPAddress.Loopback, server.Address.Port)));
            foreach (var client in clients)
            {
                await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: faas\r\n\r\n"u8.ToArray());
            }

            await Wire.EventuallyAsync(
                () => DescriptorsOf(server) >= most - Few,
                TimeSpan.FromSeconds(10),
                () => $"the server has {DescriptorsOf(server)} of {most} descriptors");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await Wire.EventuallyAsync(
            () => IsWellAsync(server),
            TimeSpan.FromSeconds(20),
            () => $"it has not come back\n{server.Log}");
        Assert.True(await server.UploadAsync("kept", "python", "return 'again'") > 0);
        Assert.Equal("\"again\"", (await server.RunAsync("kept")).Data);
        Assert.Equal(1, (await server.RunNowAsync("python", "return 1")).Body.GetProperty("data").GetInt32());
        await server.EndAsync();
    }

    private static async Task<bool> IsWellAsync(FaasServer server)
    {
        try
        {
            return (await server.RunAsync("kept")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int DescriptorsOf(FaasServer server)
    {
        try
        {
            return Directory.GetFiles($"/proc/{server.Pid}/fd").Length;
        }
        catch (DirectoryNotFoundException)
        {
            throw new InvalidOperationException($"The server has ended:\n{server.Log}");
        }
    }
}
