using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Faas.Actors.Pool;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Server.Connections;

public sealed class RudeClientTests
{
    private const string Code = """{"language": "python", "code": "return 42"}""";

    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0";

    // GOAWAY with HTTP_1_1_REQUIRED (RFC 9113, 6.8 and 7).
    private const string Http11Required = "\0\0\u0008\u0007\0\0\0\0\0\0\0\0\0\0\0\0\u000d";

    [Fact]
    public async Task Half_a_body_and_then_nothing_runs_nothing()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using (var client = await RawClient.ConnectAsync(faas.Address))
        {
            await client.SendAsync(RawClient.Post("/run-now", Code)[..^5]);
            client.Reset();
        }

        await AssertServesAsync(faas);
        Assert.Single(faas.Pool.Rest().OfType<SubmitRun>());
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_given_up()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(RawClient.Post("/run-now", Code)[..^5]);
        var answer = await client.ReadUntilAsync("}");
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"slow\"", answer, StringComparison.Ordinal);
        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task Requests_sent_at_once_are_answered_in_their_order()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(string.Concat(
            Enumerable.Range(0, 50).Select(i => RawClient.Post("/run-now", Code, $"X-Call-Id: call-{i}\r\n")))
            + RawClient.Post("/run-now", "{", "X-Call-Id: last\r\nConnection: close\r\n"));
        var answers = await client.ReadToEndAsync();
        Assert.Equal(
            [.. Enumerable.Range(0, 50).Select(i => $"call-{i}"), "last"],
            Regex.Matches(answers, "X-Call-Id: (.*)\r").Select(match => match.Groups[1].Value));
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("POST /run-now HTTP/1.1\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("POST /run-now HTTP/9.9\r\nHost: localhost\r\n\r\n", "HTTP/1.1 505")]
    [InlineData("POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400")]
    [InlineData(
        "POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 400")]
    [InlineData(
        "POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 400")]
    [InlineData(
        "POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n80000000\r\n",
        "HTTP/1.1 400")]
    [InlineData("POST /run/%00 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 400")]
    public async Task What_is_not_http_is_refused(string request, string answer)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using (var client = await RawClient.ConnectAsync(faas.Address))
        {
            await client.SendAsync(request);
            Assert.StartsWith(answer, await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        }

        await AssertServesAsync(faas);
    }

    [Fact]
    public async Task Endless_headers_are_refused()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using (var client = await RawClient.ConnectAsync(faas.Address))
        {
            await client.SendAsync($"POST /run-now HTTP/1.1\r\nHost: localhost\r\nX-Big: {new string('x', 40_000)}\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 431", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        }

        await AssertServesAsync(faas);
    }

    [Fact]
    public async Task A_body_that_is_announced_but_never_sent_takes_no_memory_and_no_sandbox()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var clients = new List<RawClient>();
        for (var i = 0; i < 100; i++)
        {
            var client = await RawClient.ConnectAsync(faas.Address);
            clients.Add(client);
            await client.SendAsync(
                "POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 6000000\r\n\r\n{");
        }

        await AssertServesAsync(faas);
        clients.ForEach(client => client.Reset());
        await AssertServesAsync(faas);
        Assert.Equal(2, faas.Pool.Rest().OfType<SubmitRun>().Count());
    }

    [Fact]
    public async Task A_refusal_reaches_a_client_that_is_still_sending()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { MaxRequestBytes = 1000 });
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(
            "POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n");
        await client.SendAsync(new byte[3_000_000]);
        Assert.StartsWith("HTTP/1.1 413", await client.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_waits_to_be_asked_for_its_body_hears_the_refusal_first()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(
            "POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain; charset=latin1\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 415", await client.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_connect_and_say_nothing_do_not_keep_others_out()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var silent = new List<Socket>();
        for (var i = 0; i < 200; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(faas.Address.Host, faas.Address.Port);
            silent.Add(socket);
        }

        await AssertServesAsync(faas);
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Http_2_is_refused_in_its_own_words()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using (var client = await RawClient.ConnectAsync(faas.Address))
        {
            await client.SendAsync(Preface);
            Assert.Equal(Http11Required, await client.ReadToEndAsync());
        }

        await AssertServesAsync(faas);
    }

    /// <summary>
    /// The attack of CVE-2023-44487: streams that are opened and reset at once, each a request to a server that speaks HTTP/2.
    /// </summary>
    [Fact]
    public async Task Streams_of_http_2_that_are_reset_at_once_are_no_requests()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var resets = Enumerable.Range(0, 10_000).SelectMany(stream => Reset((2 * stream) + 1)).ToArray();
        for (var attacker = 0; attacker < 20; attacker++)
        {
            using var client = await RawClient.ConnectAsync(faas.Address);
            await client.SendAsync(Preface);
            // The server has closed before it was sent all of this, which may fail therefore.
            await Record.ExceptionAsync(() => client.SendAsync(resets));
            await client.WaitForEndAsync();
        }

        await AssertServesAsync(faas);
        Assert.Single(faas.Pool.Rest().OfType<SubmitRun>());
    }

    [Fact]
    public async Task An_upgrade_to_http_2_is_not_taken_up()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    // HEADERS of "POST / http" that end stream and headers, and RST_STREAM with CANCEL (RFC 9113, 6.2 and 6.4).
    private static byte[] Reset(int stream)
    {
        byte[] number = [(byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream];
        return [0, 0, 3, 1, 5, .. number, 0x83, 0x84, 0x86, 0, 0, 4, 3, 0, .. number, 0, 0, 0, 8];
    }

    private static async Task AssertServesAsync(FaasUnderTest faas)
    {
        using var response = await faas.PostAsync("/run-now", Code);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
