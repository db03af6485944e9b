using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.http.connections</c> does.</summary>
public sealed class ConnectionSettingTests
{
    private const string Health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n";

    [Fact]
    [Proves("http.connections.header-size")]
    [Proves("http.connections.header-count")]
    public async Task Large_headers_and_many_headers_are_refused()
    {
        await using var server = await FaasServer.StartAsync("faas.http.connections { header-size = 1k, header-count = 10 }");

        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await AnswerAsync(server, $"{Health}Connection: close\r\nX-Big: {new string('x', 500)}\r\n\r\n"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 431 ", await AnswerAsync(server, $"{Health}X-Big: {new string('x', 1100)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 431 ",
            await AnswerAsync(server, $"{Health}{string.Concat(Enumerable.Range(0, 11).Select(i => $"X-{i}: 1\r\n"))}\r\n"),
            StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    [Proves("http.connections.header-timeout")]
    [Proves("http.connections.idle-timeout")]
    [Proves("http.connections.body-rate")]
    [Proves("http.connections.body-grace")]
    public async Task Clients_that_take_their_time_are_not_waited_for()
    {
        await using var server = await FaasServer.StartAsync(
            "faas.http.connections { header-timeout = 1s, idle-timeout = 1s, body-rate = 1000, body-grace = 2s }");

        Assert.StartsWith("HTTP/1.1 408 ", await AnswerAsync(server, Health), StringComparison.Ordinal);
        Assert.EndsWith("""{"status":"alive"}""", await AnswerAsync(server, $"{Health}\r\n"), StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"slow\"", await AnswerAsync(
            server, "POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"), StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    [Proves("http.connections.max")]
    public async Task One_connection_more_than_max_is_closed_unanswered()
    {
        await using var server = await FaasServer.StartAsync("faas.http.connections.max = 1");
        using var first = await ConnectAsync(server);
        await first.SendAsync(Encoding.ASCII.GetBytes($"{Health}\r\n"));
        await first.ReceiveAsync(new byte[4096]);

        Assert.Equal("", await AnswerAsync(server, ""));
        await server.EndAsync();
    }

    private static async Task<Socket> ConnectAsync(FaasServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        return socket;
    }

    /// <summary>Sends the bytes and takes what comes until the server closes the connection.</summary>
    private static async Task<string> AnswerAsync(FaasServer server, string request)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = await ConnectAsync(server);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        using var answer = new MemoryStream();
        await using var stream = new NetworkStream(socket);
        await stream.CopyToAsync(answer, patience.Token);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
