using System.Net;
using Faas.Http.Access;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class CallerTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public void Callers_without_a_key_count_by_address_or_ipv6_network(string one, string other, bool isSame) =>
        Assert.Equal(isSame, Caller.Of(IPAddress.Parse(one)) == Caller.Of(IPAddress.Parse(other)));

    [Fact]
    public void A_key_whose_name_is_an_address_is_nobody_else() =>
        Assert.NotEqual(Caller.Of(IPAddress.Loopback), Caller.Of(ApiKey.Parse("127.0.0.1:invoke:0123456789abcdef")));
}
