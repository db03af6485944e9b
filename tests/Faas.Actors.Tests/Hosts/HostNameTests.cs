using System.Net;
using CsCheck;
using Faas.Actors.Hosts;
using Faas.Tests;
using Xunit;

namespace Faas.Actors.Tests.Hosts;

public sealed class HostNameTests
{
    private static readonly Gen<string> s_piece = Gen.OneOf(
        "a", "B", "0", "1", "9", "255", "256", "0x", "0x7f", "017", ".", "..", "-", "_", "[", "]", ":", "::1", "%", "@", "\0", "\r\n", " ", "ü",
        "。", "xn--", "2130706433", "localhost", "*", "/");

    [Theory]
    [InlineData("API.Example.COM", "api.example.com")]
    [InlineData("api.example.com.", "api.example.com")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("_dmarc.example", "_dmarc.example")]
    [InlineData("1.example", "1.example")]
    [InlineData("localhost", "localhost")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1.", "127.0.0.1")]
    [InlineData("2130706433", "127.0.0.1")]
    [InlineData("0x7f000001", "127.0.0.1")]
    [InlineData("0x7F.1", "127.0.0.1")]
    [InlineData("0177.0.0.01", "127.0.0.1")]
    [InlineData("127.1", "127.0.0.1")]
    [InlineData("0", "0.0.0.0")]
    [InlineData("4294967295", "255.255.255.255")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("[2001:DB8:0::1]", "[2001:db8::1]")]
    [InlineData("[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]")]
    public void A_host_has_one_form(string text, string canonical)
    {
        Assert.True(HostName.TryParse(text, out var host, out var wrong), wrong);
        Assert.Equal(canonical, host.Text);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(".", "empty")]
    [InlineData("a..b", "labels")]
    [InlineData(".a", "labels")]
    [InlineData("a.b..", "labels")]
    [InlineData("a b", "labels")]
    [InlineData("good.test\0.evil.test", "labels")]
    [InlineData("good.test%00", "labels")]
    [InlineData("user@evil.test", "labels")]
    [InlineData("evil.test/good.test", "labels")]
    [InlineData("::1", "labels")]
    [InlineData("*.example.org", "labels")]
    [InlineData("bücher.example", "xn--")]
    [InlineData("ⓔxample.com", "xn--")]
    [InlineData("example。com", "xn--")]
    [InlineData("256.0.0.1", "IPv4")]
    [InlineData("1.2.3.4.5", "IPv4")]
    [InlineData("4294967296", "IPv4")]
    [InlineData("99999999999999999999999999", "IPv4")]
    [InlineData("0x", "IPv4")]
    [InlineData("0x1fffffffff", "IPv4")]
    [InlineData("127.0.0.08", "IPv4")]
    [InlineData("a.0x7f", "IPv4")]
    [InlineData("a.1", "IPv4")]
    [InlineData("[::1", "IPv6")]
    [InlineData("[]", "IPv6")]
    [InlineData("[", "IPv6")]
    [InlineData("[::1%lo]", "IPv6")]
    [InlineData("[127.0.0.1]", "IPv6")]
    [InlineData("[[::1]]", "IPv6")]
    [InlineData("[::1]:80", "IPv6")]
    public void A_text_that_clients_could_read_in_two_ways_is_refused(string text, string reason)
    {
        Assert.False(HostName.TryParse(text, out _, out var wrong));
        Assert.Contains(reason, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_at_most_253_characters_and_a_label_63()
    {
        var label = new string('a', 63);
        var name = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.True(HostName.TryParse(name, out _, out _));
        Assert.True(HostName.TryParse(name + ".", out _, out _));
        Assert.False(HostName.TryParse(name + "a", out _, out _));
        Assert.False(HostName.TryParse(label + "a", out _, out _));
    }

    [Fact]
    public void A_host_read_again_is_itself_and_the_platform_agrees_about_addresses() => s_piece.Array[0, 6].Fuzz(
        pieces =>
        {
            if (HostName.TryParse(string.Concat(pieces), out var host, out _))
            {
                Assert.True(HostName.TryParse(host.Text, out var again, out _));
                Assert.Equal(host, again);
                Assert.All(host.Text, c => Assert.True(char.IsAsciiLetterOrDigit(c) || "-_.:[]".Contains(c, StringComparison.Ordinal)));
                Assert.Equal(host.Address, IPAddress.TryParse(host.Text, out var address) ? address : null);
            }
        },
        40_000);

    [Fact]
    public void Every_ipv4_address_is_read_in_every_form() => Gen.Byte.Array[4].Fuzz(
        bytes =>
        {
            var address = new IPAddress(bytes);
            var number = (uint)((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);
            var octal = string.Join('.', bytes.Select(one => $"0{Convert.ToString(one, 8)}"));
            foreach (var text in new[] { address.ToString(), $"{number}", $"0x{number:x}", octal, $"{bytes[0]}.{number & 0xffffff}" })
            {
                Assert.True(HostName.TryParse(text, out var host, out var wrong), $"{text} {wrong}");
                Assert.Equal(address, host.Address);
            }
        },
        4_000);
}
