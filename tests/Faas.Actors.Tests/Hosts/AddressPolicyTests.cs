using System.Net;
using CsCheck;
using Faas.Actors.Hosts;
using Faas.Tests;
using Xunit;

namespace Faas.Actors.Tests.Hosts;

public sealed class AddressPolicyTests
{
    private static readonly IPAddress s_own = IPAddress.Parse("93.184.216.34");
    private static readonly AddressPolicy s_policy = new([], s_own.Equals);

    [Theory]
    [InlineData("0.0.0.0", "is unspecified")]
    [InlineData("0.1.2.3", "is unspecified")]
    [InlineData("::", "is unspecified")]
    [InlineData("127.0.0.1", "is loopback")]
    [InlineData("127.255.0.9", "is loopback")]
    [InlineData("::1", "is loopback")]
    [InlineData("10.0.0.1", "is private")]
    [InlineData("172.31.255.255", "is private")]
    [InlineData("192.168.1.1", "is private")]
    [InlineData("fd12::1", "is private")]
    [InlineData("fec0::1", "is private")]
    [InlineData("100.64.0.1", "is shared by a provider's customers")]
    [InlineData("169.254.1.1", "is link-local")]
    [InlineData("fe80::1", "is link-local")]
    [InlineData("169.254.169.254", "is an address at which a cloud serves credentials")]
    [InlineData("100.100.100.200", "is an address at which a cloud serves credentials")]
    [InlineData("168.63.129.16", "is an address at which a cloud serves credentials")]
    [InlineData("fd00:ec2::254", "is an address at which a cloud serves credentials")]
    [InlineData("fd20:ce::254", "is an address at which a cloud serves credentials")]
    [InlineData("169.254.170.2", "is an address at which a cloud serves credentials")]
    [InlineData("169.254.170.23", "is an address at which a cloud serves credentials")]
    [InlineData("192.0.0.192", "is an address at which a cloud serves credentials")]
    [InlineData("192.0.0.1", "is for protocols")]
    [InlineData("192.0.2.1", "is for documentation")]
    [InlineData("198.51.100.1", "is for documentation")]
    [InlineData("203.0.113.1", "is for documentation")]
    [InlineData("2001:db8::1", "is for documentation")]
    [InlineData("3fff:fff::1", "is for documentation")]
    [InlineData("198.18.0.1", "is for benchmarks")]
    [InlineData("2001:2::1", "is for benchmarks")]
    [InlineData("224.0.0.1", "is multicast")]
    [InlineData("ff02::1", "is multicast")]
    [InlineData("255.255.255.255", "is broadcast")]
    [InlineData("240.0.0.1", "is reserved")]
    [InlineData("4000::1", "is reserved")]
    [InlineData("100::1", "is reserved")]
    [InlineData("::ffff:93.184.216.35", "is an IPv4 address written as IPv6")]
    [InlineData("::10.0.0.1", "is an IPv4 address written as IPv6")]
    [InlineData("64:ff9b::10.0.0.1", "is an IPv4 address behind NAT64")]
    [InlineData("64:ff9b:1::1", "is an IPv4 address behind NAT64")]
    [InlineData("2002:a00:1::", "is an IPv4 address behind 6to4")]
    [InlineData("192.88.99.1", "is an IPv4 address behind 6to4")]
    [InlineData("2001:0:4136:e378::1", "is an IPv4 address behind Teredo")]
    [InlineData("93.184.216.34", "is this machine's own")]
    [InlineData("93.184.216.35", null)]
    [InlineData("172.32.0.1", null)]
    [InlineData("100.128.0.1", null)]
    [InlineData("2606:2800:220:1::1", null)]
    public void An_address_that_is_not_of_the_public_internet_is_refused(string address, string? reason) =>
        Assert.Equal(reason, s_policy.Refusal(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.0.1", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", false)]
    [InlineData("127.0.0.0/8", "169.254.169.254", false)]
    [InlineData("fd00:1::/32", "fd00:1::5", true)]
    [InlineData("93.184.216.34", "93.184.216.34", true)]
    public void A_range_that_the_operator_names_is_allowed_and_no_other(string range, string address, bool allowed)
    {
        Assert.True(AddressRange.TryParse(range, out var named));
        Assert.Equal(allowed, new AddressPolicy([named], s_own.Equals).Refusal(IPAddress.Parse(address)) is null);
    }

    [Theory]
    [InlineData("100.64.0.0/10", "100.100.100.200", false)]
    [InlineData("100.64.0.0/10", "100.100.100.201", true)]
    [InlineData("169.254.0.0/16", "169.254.169.254", false)]
    [InlineData("169.254.0.0/16", "169.254.170.2", false)]
    [InlineData("169.254.0.0/16", "169.254.1.1", true)]
    [InlineData("169.254.169.254", "169.254.169.254", true)]
    [InlineData("0.0.0.0/0", "168.63.129.16", false)]
    [InlineData("fd00::/8", "fd00:ec2::254", false)]
    [InlineData("fd00::/8", "fd00:ec3::254", true)]
    [InlineData("fd00:ec2::/32", "fd00:ec2::254", true)]
    [InlineData("fd00:ec2::/64", "fd00:ec2::254", true)]
    [InlineData("::ffff:0:0/96", "::ffff:169.254.169.254", false)]
    [InlineData("::ffff:0:0/96", "::ffff:10.0.0.1", true)]
    public void A_wide_range_opens_no_address_at_which_a_cloud_serves_credentials(string range, string address, bool allowed) =>
        Assert.Equal(allowed, new AddressPolicy([AddressRange.Parse(range)], s_own.Equals).Refusal(IPAddress.Parse(address)) is null);

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", "is this machine's own")]
    [InlineData("10.1.2.2/31", "10.1.2.3", "is this machine's own")]
    [InlineData("10.1.2.3", "10.1.2.3", null)]
    [InlineData("10.0.0.0/8", "10.1.2.4", null)]
    [InlineData("::ffff:0:0/96", "::ffff:10.1.2.3", "is this machine's own")]
    [InlineData("127.0.0.0/8", "127.0.0.1", null)]
    public void A_wide_range_opens_no_address_of_this_machine_but_loopback(string range, string address, string? reason)
    {
        List<IPAddress> own = [IPAddress.Parse("10.1.2.3"), IPAddress.Loopback];
        Assert.Equal(reason, new AddressPolicy([AddressRange.Parse(range)], own.Contains).Refusal(IPAddress.Parse(address)));
    }

    [Fact]
    public void The_narrowest_of_several_ranges_opens_an_address()
    {
        string[] named = ["0.0.0.0/0", "169.254.169.254", "93.184.216.34"];
        var policy = new AddressPolicy([.. named.Select(AddressRange.Parse)], s_own.Equals);
        Assert.Null(policy.Refusal(IPAddress.Parse("169.254.169.254")));
        Assert.Null(policy.Refusal(s_own));
        Assert.NotNull(policy.Refusal(IPAddress.Parse("169.254.170.2")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10/8")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("[::1]/128")]
    [InlineData("fe80::1%lo")]
    [InlineData("localhost")]
    public void A_text_that_is_no_range_is_refused(string text) => Assert.False(AddressRange.TryParse(text, out _));

    [Fact]
    public void A_range_holds_the_addresses_that_have_its_first_bits() => Gen.Select(
        Gen.Byte.Array[4], Gen.Byte.Array[4], Gen.Int[0, 32]).Fuzz(
        drawn =>
        {
            var (one, other, prefix) = drawn;
            static uint Of(byte[] bytes) => (uint)((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);
            var mask = prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
            var first = Of(one) & mask;
            var range = AddressRange.Parse($"{first >> 24}.{(byte)(first >> 16)}.{(byte)(first >> 8)}.{(byte)first}/{prefix}");
            Assert.True(range.Holds(new IPAddress(one)));
            Assert.Equal((Of(other) & mask) == first, range.Holds(new IPAddress(other)));
            Assert.Equal((Of(one) & ~mask) == 0, AddressRange.TryParse($"{new IPAddress(one)}/{prefix}", out _));
        },
        4_000);

    [Theory]
    [InlineData("127.0.0.9", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:93.184.216.34", true)]
    [InlineData("93.184.216.34", true)]
    [InlineData("10.0.0.1", false)]
    public void An_address_leads_here_in_every_form(string address, bool here) =>
        Assert.Equal(here, s_policy.LeadsHere(IPAddress.Parse(address)));

    [Fact]
    public void The_machines_own_addresses_are_known()
    {
        Assert.True(OwnAddresses.Contain(IPAddress.Loopback));
        Assert.False(OwnAddresses.Contain(IPAddress.Parse("192.0.2.77")));
    }

    [Fact]
    public void No_address_is_allowed_that_holds_a_private_one() => Gen.Byte.Array[4].Fuzz(
        bytes =>
        {
            byte[][] wraps =
            [
                [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, .. bytes],
                [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes],
                [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes],
                [0x20, 2, .. bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            ];
            Assert.All(wraps, wrap => Assert.NotNull(s_policy.Refusal(new IPAddress(wrap))));
        },
        4_000);
}
