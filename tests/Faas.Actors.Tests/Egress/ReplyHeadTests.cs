using System.Text;
using Faas.Actors.Egress.Http;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class ReplyHeadTests
{
    [Theory]
    [InlineData(
        "HTTP/1.1 200 OK|Content-Length: 5|Connection: keep-alive|Keep-Alive: timeout=5|Set-Cookie: a|Set-Cookie: b",
        "HTTP/1.1 200 OK|Content-Length: 5|Set-Cookie: a|Set-Cookie: b|Connection: close")]
    [InlineData("HTTP/1.0 302 Found|Location: http://evil.test/", "HTTP/1.1 302 Found|Location: http://evil.test/|Connection: close")]
    [InlineData("HTTP/1.1 200|Transfer-Encoding: chunked|Content-Length: 5", "HTTP/1.1 200 |Transfer-Encoding: chunked|Connection: close")]
    [InlineData("HTTP/1.1 100 Continue", "HTTP/1.1 100 Continue")]
    [InlineData(
        "HTTP/1.1 101 Switching|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Accept: x",
        "HTTP/1.1 101 Switching|Sec-WebSocket-Accept: x|Connection: Upgrade|Upgrade: websocket")]
    public void The_client_gets_a_reply_that_ends_its_connection(string text, string expected)
    {
        Assert.True(ReplyHead.TryParse(BytesOf(text), out var head, out var wrong), wrong);
        Assert.Equal(BytesOf(expected), head.ToClient());
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH")]
    [InlineData("HTTP/2.0 200 OK")]
    [InlineData("HTTP/1.1 099 OK")]
    [InlineData("HTTP/1.1 200OK")]
    [InlineData("HTTP/1.1  20 OK")]
    [InlineData("HTTP/1.1 200 OK|X-A: 1\nX-B: 2")]
    [InlineData("HTTP/1.1 200 OK|X-A")]
    public void A_reply_that_is_not_http_is_not_passed_on(string text) => Assert.False(ReplyHead.TryParse(BytesOf(text), out _, out _));

    private static byte[] BytesOf(string text) => Encoding.Latin1.GetBytes(text.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n\r\n");
}
