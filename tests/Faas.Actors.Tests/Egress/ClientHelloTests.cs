using System.Net.Security;
using CsCheck;
using Faas.Actors.Egress.Tls;
using Faas.Tests;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class ClientHelloTests
{
    [Theory]
    [InlineData("api.example.com")]
    [InlineData("a")]
    [InlineData(null)]
    public void The_name_is_found_wherever_the_records_are_cut(string? name)
    {
        foreach (var piece in new[] { 1, 2, 3, 5, 50, 1 << 14 })
        {
            var hello = Hellos.Of(name, piece);
            Assert.Equal(new ClientHello(HelloKind.Hello, name), ClientHello.Read(hello));
            Assert.Equal(new ClientHello(HelloKind.Hello, name), ClientHello.Read([.. hello, 1, 2, 3]));
            for (var length = 0; length < hello.Length; length++)
            {
                Assert.Equal(HelloKind.Incomplete, ClientHello.Read(hello.AsSpan(0, length)).Kind);
            }
        }
    }

    [Fact]
    public async Task The_platforms_own_hello_is_read()
    {
        using var sent = new MemoryStream();
        await using var tls = new SslStream(new OneWay(sent));

        await Assert.ThrowsAnyAsync<IOException>(() => tls.AuthenticateAsClientAsync("api.example.com"));

        Assert.Equal(new ClientHello(HelloKind.Hello, "api.example.com"), ClientHello.Read(sent.ToArray()));
    }

    [Fact]
    public void What_does_not_begin_as_a_handshake_is_not_tls()
    {
        Assert.Equal(HelloKind.Other, ClientHello.Read("EHLO a\r\n"u8).Kind);
        Assert.Equal(HelloKind.Other, ClientHello.Read([23, 1, 3, 0, 1, 0]).Kind);
        Assert.Equal(HelloKind.Other, ClientHello.Read([19, 3, 3]).Kind);
        Assert.Equal(HelloKind.Other, ClientHello.Read([25]).Kind);
        Assert.Equal(HelloKind.Other, ClientHello.Read([0x80, 3, 3]).Kind);
        Assert.Equal(HelloKind.Incomplete, ClientHello.Read([]).Kind);
    }

    [Fact]
    public void A_record_before_the_hello_and_a_hello_of_ssl_2_are_malformed()
    {
        byte[][] wrong =
        [
            [20, 3, 3, 0, 1, 1, .. Hellos.Of("a.test")],
            [21, 3, 3, 0, 2, 1, 0, .. Hellos.Of("a.test")],
            [23, 3, 3, 0, 1, 0],
            [24, 3, 1, 0, 1, 0],
            [0x80, 46, 1, 3, 1, 0, 21, 0, 0, 0, 16],
            [0x81, 0, 1],
        ];
        Assert.All(wrong, bytes =>
        {
            Assert.Equal(HelloKind.Malformed, ClientHello.Read(bytes).Kind);
            Assert.Equal(HelloKind.Incomplete, ClientHello.Read(bytes.AsSpan(0, 2)).Kind);
        });
    }

    [Fact]
    public void A_hello_that_servers_could_read_in_two_ways_is_malformed()
    {
        byte[][] wrong =
        [
            Hellos.With(Hellos.Sni("a.test"), Hellos.Sni("b.test")),
            Hellos.With([0, 0, .. Hellos.Sized([.. Hellos.Sized([0, .. Hellos.Sized([97]), 0, .. Hellos.Sized([98])])])]),
            Hellos.With([0, 0, .. Hellos.Sized([.. Hellos.Sized([1, .. Hellos.Sized([97])])])]),
            Hellos.With([0, 0, .. Hellos.Sized([])]),
            Hellos.With(Hellos.Sni("")),
            Hellos.With([0]),
            [22, 3, 1, 0, 0],
            [22, 2, 0, 0, 5, 1, 0, 0, 1, 0],
            [22, 3, 1, 0, 4, 2, 0, 0, 0],
            [22, 3, 1, 0xff, 0xff],
            [22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff],
            [22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3],
            [.. Hellos.Of("a.test", 20)[..25], 23, 3, 3, 0, 1, 0],
        ];
        Assert.All(wrong, bytes => Assert.Equal(HelloKind.Malformed, ClientHello.Read(bytes).Kind));
    }

    [Fact]
    public void Any_bytes_are_read_without_a_failure() => Gen.Select(
        Gen.OneOf("a.test", "api.example.com", null!).Select(name => Hellos.Of(name, 40)).Damaged(), Gen.Int[0, 400]).Fuzz(
        drawn =>
        {
            var (bytes, length) = drawn;
            var part = ClientHello.Read(bytes.AsSpan(0, Math.Min(length, bytes.Length)));
            var whole = ClientHello.Read(bytes);
            Assert.True(part.Kind == HelloKind.Incomplete || part == whole);
        },
        40_000);

    /// <summary>Keeps what is written, and has nothing to read.</summary>
    private sealed class OneWay(MemoryStream sent) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => sent.Write(buffer, offset, count);
    }
}
