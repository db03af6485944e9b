using System.Text;
using CsCheck;
using Faas.Actors.Egress.Http;
using Faas.Tests;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class ProxyHeadTests
{
    private static readonly Gen<string> s_field = Gen.OneOf(
        "Host: a.test", "Host: A.test:80", "Host: b.test", "Content-Length: 5", "Content-Length: 05", "Content-Length: -1",
        "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding : chunked", " folded", "Connection: close, x-a",
        "X-A: 1", "Proxy-Authorization: Basic eDp5", "Upgrade: websocket", "Connection: Upgrade", "Upgrade: h2c", "X-B:\t\u0001", "no colon");

    private static readonly Gen<byte[]> s_head = Gen.Select(
        Gen.OneOf("GET http://a.test/x", "POST http://a.test", "CONNECT a.test:443", "GET /", "GET https://a.test/", "OPTIONS http://a.test?q"),
        Gen.OneOf("HTTP/1.0", "HTTP/1.1", "HTTP/2.0"),
        s_field.List[0, 5]).Select((start, version, fields) =>
            Encoding.Latin1.GetBytes($"{start} {version}\r\n{string.Concat(fields.Select(field => $"{field}\r\n"))}\r\n"));

    [Theory]
    [InlineData("CONNECT api.example.com:443 HTTP/1.0", "api.example.com", 443)]
    [InlineData("CONNECT API.example.com.:443 HTTP/1.1|Host: api.example.com:443", "api.example.com", 443)]
    [InlineData("CONNECT api.example.com:443 HTTP/1.1|Host: api.example.com", "api.example.com", 443)]
    [InlineData("CONNECT [::1]:443 HTTP/1.1|Host: [0::1]:443", "[::1]", 443)]
    [InlineData("CONNECT 2130706433:443 HTTP/1.1", "127.0.0.1", 443)]
    [InlineData("GET http://0x7f.1/ HTTP/1.1|Host: 127.0.0.1", "127.0.0.1", 80)]
    [InlineData("GET HTTP://A.test:8080/ HTTP/1.1|Host: a.test:8080", "a.test", 8080)]
    public void A_request_names_its_host_in_one_form(string text, string host, int port)
    {
        var head = Parsed(text);
        Assert.Equal((host, port), (head.Target.Host.Text, head.Target.Port));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1|Host: a.test", "this is a proxy")]
    [InlineData("GET https://a.test/ HTTP/1.1", "without CONNECT")]
    [InlineData("GET ftp://a.test/ HTTP/1.1", "this is a proxy")]
    [InlineData("GET http://a.test/", "not one of HTTP/1.0")]
    [InlineData("GET http://a.test/ HTTP/2.0", "not one of HTTP/1.0")]
    [InlineData("GET  http://a.test/ HTTP/1.1", "not one of HTTP/1.0")]
    [InlineData("GET http://a.test/a b HTTP/1.1", "not one of HTTP/1.0")]
    [InlineData("GET http://a.test/\u0000 HTTP/1.1", "control character")]
    [InlineData("GET http://a.test/\n HTTP/1.1", "control character")]
    [InlineData("GET http://a\u0000.test/ HTTP/1.1", "control character")]
    [InlineData("GET http:///x HTTP/1.1", "is empty")]
    [InlineData("GET http://b.test@a.test/ HTTP/1.1", "user in its URL")]
    [InlineData("GET http://user:pass@a.test/ HTTP/1.1", "user in its URL")]
    [InlineData("GET http://a.test#@b.test/ HTTP/1.1", "# or \\")]
    [InlineData("GET http://a.test\\b.test/ HTTP/1.1", "# or \\")]
    [InlineData("GET http://a.test:80:80/ HTTP/1.1", "labels")]
    [InlineData("GET http://a.test:/ HTTP/1.1", "port")]
    [InlineData("GET http://a.test:99999/ HTTP/1.1", "port")]
    [InlineData("GET http://a.test:+80/ HTTP/1.1", "port")]
    [InlineData("GET http://bü.test/ HTTP/1.1", "xn--")]
    [InlineData("CONNECT a.test HTTP/1.1", "port")]
    [InlineData("CONNECT http://a.test:443 HTTP/1.1", "labels")]
    [InlineData("CONNECT a.test:443 HTTP/1.1|Content-Length: 5", "no body")]
    [InlineData("CONNECT a.test:443 HTTP/1.1|Host: b.test:443", "another host")]
    [InlineData("CONNECT a.test:443 HTTP/1.1|Host: a.test:80", "another host")]
    [InlineData("GET http://a.test/ HTTP/1.1|Host: b.test", "another host")]
    [InlineData("GET http://a.test/ HTTP/1.1|Host: a.test|Host: a.test", "more than one Host")]
    [InlineData("GET http://a.test/ HTTP/1.1|Host: a.test, b.test", "another host")]
    [InlineData("POST http://a.test/ HTTP/1.1|Content-Length: 5|Transfer-Encoding: chunked", "more than one Content-Length or")]
    [InlineData("POST http://a.test/ HTTP/1.1|Content-Length: 5|Content-Length: 5", "more than one Content-Length or")]
    [InlineData("POST http://a.test/ HTTP/1.1|Content-Length: 5, 5", "no number")]
    [InlineData("POST http://a.test/ HTTP/1.1|Content-Length: +5", "no number")]
    [InlineData("POST http://a.test/ HTTP/1.1|Content-Length: 9999999999999999999", "no number")]
    [InlineData("POST http://a.test/ HTTP/1.1|Transfer-Encoding: chunked, identity", "not chunked")]
    [InlineData("POST http://a.test/ HTTP/1.1|Transfer-Encoding: xchunked", "not chunked")]
    [InlineData("POST http://a.test/ HTTP/1.0|Transfer-Encoding: chunked", "HTTP/1.0 does not know")]
    [InlineData("POST http://a.test/ HTTP/1.1|Transfer-Encoding : chunked", "a name, a colon")]
    [InlineData("GET http://a.test/ HTTP/1.1|X-A: 1| folded", "a name, a colon")]
    [InlineData("GET http://a.test/ HTTP/1.1|X-A: 1\nX-B: 2", "a name, a colon")]
    [InlineData("GET http://a.test/ HTTP/1.1|X-A: 1\rX-B: 2", "a name, a colon")]
    [InlineData("GET http://a.test/ HTTP/1.1|X-A: \u0000", "a name, a colon")]
    [InlineData("GET http://a.test/ HTTP/1.1|: 1", "a name, a colon")]
    [InlineData("POST http://a.test/ HTTP/1.1|Connection: Upgrade|Upgrade: websocket", "WebSocket")]
    [InlineData("GET http://a.test/ HTTP/1.1|Connection: Upgrade|Upgrade: websocket|Content-Length: 5", "WebSocket")]
    public void A_request_that_can_be_read_in_two_ways_is_refused(string text, string reason)
    {
        Assert.False(ProxyHead.TryParse(BytesOf(text), out _, out _, out var wrong));
        Assert.Contains(reason, wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "GET http://a.test:8080/x?y=1 HTTP/1.1|Host: a.test:8080|X-A: 1|Proxy-Authorization: Basic eDp5|Proxy-Connection: keep-alive",
        "GET /x?y=1 HTTP/1.1|Host: a.test:8080|X-A: 1|Connection: close")]
    [InlineData("GET http://A.TEST?q HTTP/1.0", "GET /?q HTTP/1.0|Host: a.test|Connection: close")]
    [InlineData(
        "GET http://a.test HTTP/1.1|Connection: keep-alive, X-Hop|X-Hop: 1|Keep-Alive: 5|TE: trailers|Accept: */*",
        "GET / HTTP/1.1|Host: a.test|Accept: */*|Connection: close")]
    [InlineData(
        "POST http://a.test/ HTTP/1.1|Connection: content-length|Content-Length: 5|Expect: 100-continue",
        "POST / HTTP/1.1|Host: a.test|Expect: 100-continue|Content-Length: 5|Connection: close")]
    [InlineData("POST http://a.test/ HTTP/1.1", "POST / HTTP/1.1|Host: a.test|Content-Length: 0|Connection: close")]
    [InlineData(
        "PUT http://a.test/ HTTP/1.1|Transfer-Encoding: Chunked|Trailer: X-T",
        "PUT / HTTP/1.1|Host: a.test|Transfer-Encoding: chunked|Connection: close")]
    [InlineData(
        "GET ws://a.test/live HTTP/1.1|Connection: Upgrade|Upgrade: WebSocket|Sec-WebSocket-Key: k",
        "GET /live HTTP/1.1|Host: a.test|Sec-WebSocket-Key: k|Connection: Upgrade|Upgrade: websocket")]
    [InlineData(
        "GET http://a.test/ HTTP/1.1|Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: x",
        "GET / HTTP/1.1|Host: a.test|Connection: close")]
    public void The_host_gets_a_request_that_is_written_anew(string text, string expected) =>
        Assert.Equal(expected.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n\r\n", Encoding.Latin1.GetString(Parsed(text).ToHost()));

    [Fact]
    public void A_head_has_at_most_100_fields()
    {
        Assert.Equal(100, Parsed("GET http://a.test/ HTTP/1.1" + string.Concat(Enumerable.Repeat("|X: 1", 100))).Fields.Count);
        Assert.False(ProxyHead.TryParse(
            BytesOf("GET http://a.test/ HTTP/1.1" + string.Concat(Enumerable.Repeat("|X: 1", 101))), out _, out _, out var wrong));
        Assert.Contains("101 header fields", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0005\u0001", false)]
    [InlineData("\u0004\u0001", false)]
    [InlineData("\u0016\u0003", false)]
    [InlineData("\r\n", false)]
    [InlineData("C", true)]
    [InlineData("", true)]
    public void Socks_and_tls_are_no_request(string begin, bool can) =>
        Assert.Equal(can, ProxyHead.CanBegin(Encoding.Latin1.GetBytes(begin)));

    [Fact]
    public void What_the_host_gets_is_one_request_for_the_host_that_was_judged() => s_head.Damaged().Fuzz(
        bytes =>
        {
            bytes = [.. bytes, .. "\r\n\r\n"u8];
            bytes = bytes[..(bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4)];
            if (!ProxyHead.TryParse(bytes, out var head, out _, out var wrong))
            {
                Assert.NotEmpty(wrong);
                return;
            }

            var sent = head.ToHost();
            Assert.Equal(sent.Length - 4, sent.AsSpan().IndexOf("\r\n\r\n"u8));
            var lines = Encoding.Latin1.GetString(sent)[..^4].Split("\r\n");
            string[] Named(string name) => [.. lines.Skip(1).Where(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))];
            Assert.Equal($"Host: {head.Target.Authority}", Assert.Single(Named("Host")));
            Assert.InRange(Named("Content-Length").Length + Named("Transfer-Encoding").Length, 0, 1);
            Assert.Single(Named("Connection"));
            Assert.Empty(Named("Proxy-Authorization"));
            Assert.DoesNotContain(lines, line => line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0);
        },
        40_000);

    private static ProxyHead Parsed(string text)
    {
        Assert.True(ProxyHead.TryParse(BytesOf(text), out var head, out _, out var wrong), wrong);
        return head;
    }

    private static byte[] BytesOf(string text) => Encoding.Latin1.GetBytes(text.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n\r\n");
}
