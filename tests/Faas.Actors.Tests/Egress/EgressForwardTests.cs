using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class EgressForwardTests
{
    [Fact]
    public async Task An_ordinary_client_sends_and_receives_and_each_redirect_is_judged_anew()
    {
        var heads = new ConcurrentQueue<string>();
        await using var host = new HostUnderTest(async client =>
        {
            var head = await client.ReadHeadAsync();
            heads.Enqueue(head);
            var body = head.Contains("chunked", StringComparison.Ordinal) ? await client.ReadTextAsync("5\r\nhello\r\n0\r\n\r\n".Length)
                : head.Contains("Content-Length: 5", StringComparison.Ordinal) ? await client.ReadTextAsync(5)
                : "";
            await client.SendTextAsync((head.Split(' ')[1] == "/leave"
                ? "HTTP/1.1 302 Found|Location: http://evil.test/|Content-Length: 0|Connection: keep-alive||"
                : $"HTTP/1.1 200 OK|Content-Length: {body.Length}|Keep-Alive: timeout=5|Connection: keep-alive||{body}")
                .Replace("|", "\r\n", StringComparison.Ordinal));
            await client.ReadToEndAsync(); // a host that keeps the connection open
        });
        await using var egress = new EgressUnderTest();
        egress.Name("api.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"api.test:{host.Port}");
        using var handler = new SocketsHttpHandler { Proxy = new WebProxy($"http://{proxy}") };
        using var http = new HttpClient(handler);
        var url = $"http://API.test:{host.Port}/x?y=1";

        using var get = await http.GetAsync(url);
        Assert.True(get.Headers.ConnectionClose);
        Assert.Equal("hello", await (await http.PostAsync(url, new ByteArrayContent("hello"u8.ToArray()))).Content.ReadAsStringAsync());
        using var chunked = new HttpRequestMessage(HttpMethod.Put, url) { Content = new StreamContent(new MemoryStream("hello"u8.ToArray())) };
        chunked.Headers.TransferEncodingChunked = true;
        Assert.Equal("5\r\nhello\r\n0\r\n\r\n", await (await http.SendAsync(chunked)).Content.ReadAsStringAsync());
        using var left = await http.GetAsync($"http://api.test:{host.Port}/leave");

        Assert.Equal(HttpStatusCode.Forbidden, left.StatusCode);
        Assert.StartsWith("faas.network: 'evil.test:80' is not in ", await left.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal($"GET /x?y=1 HTTP/1.1\r\nHost: api.test:{host.Port}\r\nConnection: close\r\n\r\n", heads.First());
        Assert.Equal(4, host.Connections);
    }

    [Theory]
    [InlineData("GET http://a.test:PORT/ HTTP/1.1||GET http://a.test/2 HTTP/1.1|Host: b.test||", "GET / HTTP/1.1|Host: a.test:PORT|Connection: close||")]
    [InlineData(
        "POST http://a.test:PORT/ HTTP/1.1|Content-Length: 3||abcGET /2 HTTP/1.1|Host: b.test||",
        "POST / HTTP/1.1|Host: a.test:PORT|Content-Length: 3|Connection: close||abc")]
    [InlineData(
        "POST http://a.test:PORT/ HTTP/1.1|Transfer-Encoding: chunked||3|abc|0||GET /2 HTTP/1.1|Host: b.test||",
        "POST / HTTP/1.1|Host: a.test:PORT|Transfer-Encoding: chunked|Connection: close||3|abc|0||")]
    [InlineData(
        "GET http://a.test:PORT/ HTTP/1.1|Connection: Upgrade|Upgrade: websocket||GET /2 HTTP/1.1|Host: b.test||",
        "GET / HTTP/1.1|Host: a.test:PORT|Connection: Upgrade|Upgrade: websocket||")]
    public async Task A_second_request_behind_the_first_never_reaches_the_host(string sent, string received)
    {
        var all = new TaskCompletionSource<string>();
        await using var host = new HostUnderTest(async client =>
        {
            var expected = received.Replace("PORT", "00000", StringComparison.Ordinal).Replace("|", "\r\n", StringComparison.Ordinal).Length;
            var text = await client.ReadTextAsync(expected - 5 + Port(client).ToString().Length);
            await client.SendTextAsync("HTTP/1.1 200 OK\r\n\r\ndone");
            client.Shutdown(SocketShutdown.Send);
            all.SetResult(text + await client.ReadToEndAsync());
        });
        await using var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"a.test:{host.Port}", "a.test");

        var reply = await EgressUnderTest.AskAsync(proxy, sent.Replace("PORT", $"{host.Port}", StringComparison.Ordinal));

        Assert.Equal("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndone", reply);
        Assert.Equal(
            received.Replace("PORT", $"{host.Port}", StringComparison.Ordinal).Replace("|", "\r\n", StringComparison.Ordinal), await all.Task);
        Assert.Equal(1, host.Connections);
    }

    [Fact]
    public async Task A_body_that_is_not_chunked_as_it_says_ends_the_request()
    {
        await using var host = new HostUnderTest(client => client.ReadToEndAsync());
        await using var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"a.test:{host.Port}");

        Assert.StartsWith(
            "HTTP/1.1 400 faas.network: the body of the request is not chunked as it says.",
            await EgressUnderTest.AskAsync(
                proxy, $"POST http://a.test:{host.Port}/ HTTP/1.1|Transfer-Encoding: chunked||3;x=y|abc|0||GET / HTTP/1.1||"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-x||")]
    [InlineData("HTTP/1.1 101 Switching Protocols|Connection: Upgrade|Upgrade: h2c||")]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK|X-A")]
    public async Task A_reply_that_is_not_sound_is_a_bad_gateway(string reply)
    {
        await using var host = new HostUnderTest(HostUnderTest.Replies(reply));
        await using var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"a.test:{host.Port}");

        Assert.StartsWith(
            $"HTTP/1.1 502 faas.network: the reply of 'a.test:{host.Port}' ",
            await EgressUnderTest.AskAsync(proxy, $"GET http://a.test:{host.Port}/ HTTP/1.1||"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_waits_for_100_is_told_to_go_on()
    {
        await using var host = new HostUnderTest(async client =>
        {
            await client.ReadHeadAsync();
            await client.SendTextAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await client.SendTextAsync($"HTTP/1.1 200 OK\r\n\r\n{await client.ReadTextAsync(5)}");
        });
        await using var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"a.test:{host.Port}");
        using var client = await EgressUnderTest.ConnectAsync(
            proxy, $"POST http://a.test:{host.Port}/ HTTP/1.1|Content-Length: 5|Expect: 100-continue||");

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadHeadAsync());
        await client.SendTextAsync("hello");
        Assert.Equal("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_websocket_is_a_tunnel_once_the_host_has_switched()
    {
        await using var host = new HostUnderTest(async client =>
        {
            await client.ReadHeadAsync();
            await client.SendTextAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst");
            await client.SendTextAsync((await client.ReadTextAsync(4)).ToUpperInvariant());
        });
        await using var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"a.test:{host.Port}");
        using var client = await EgressUnderTest.ConnectAsync(
            proxy, $"GET http://a.test:{host.Port}/live HTTP/1.1|Connection: Upgrade|Upgrade: websocket||ab");

        Assert.Equal("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", await client.ReadHeadAsync());
        Assert.Equal("first", await client.ReadTextAsync(5));
        await client.SendTextAsync("cd");
        Assert.Equal("ABCD", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_refused_client_that_still_sends_its_body_gets_the_reply()
    {
        await using var egress = new EgressUnderTest();
        var (_, proxy) = egress.Open("a.test");
        using var client = await EgressUnderTest.ConnectAsync(proxy, "POST http://evil.test/ HTTP/1.1|Content-Length: 4000000||");
        var sending = client.SendAsync(Encoding.ASCII.GetBytes(new string('x', 4_000_000)));

        Assert.StartsWith("HTTP/1.1 403 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(4_000_000, await sending);
    }

    private static int Port(Socket client) => ((IPEndPoint)client.LocalEndPoint!).Port;
}
