using System.Text.Json;
using CsCheck;
using Faas.Actors.Hosts;
using Faas.Tests;
using Xunit;

namespace Faas.Actors.Tests.Hosts;

public sealed class EgressRulesTests
{
    private static readonly Gen<string> s_name =
        Gen.OneOf("a.test", "b.a.test", "c.b.a.test", "test", "xa.test", "192.0.2.1", "[2001:db8::1]", "localhost");

    private static readonly Gen<string> s_rule = Gen.Select(
        Gen.OneOf(s_name, Gen.OneOf("*", "*.a.test", "*.test", "*.b.a.test")), Gen.OneOf("", ":80", ":443", ":8443")).Select((a, b) => a + b);

    [Theory]
    [InlineData("api.example.com:443", "api.example.com", 443, true)]
    [InlineData("api.example.com:443", "API.EXAMPLE.COM.", 443, true)]
    [InlineData("api.example.com:443", "api.example.com", 80, false)]
    [InlineData("api.example.com:443", "x.api.example.com", 443, false)]
    [InlineData("api.example.com", "api.example.com", 80, true)]
    [InlineData("api.example.com", "api.example.com", 443, true)]
    [InlineData("api.example.com", "api.example.com", 22, false)]
    [InlineData("*.example.org", "a.example.org", 443, true)]
    [InlineData("*.example.org", "b.a.example.org", 443, true)]
    [InlineData("*.example.org", "example.org", 443, false)]
    [InlineData("*.example.org", "evilexample.org", 443, false)]
    [InlineData("*.example.org", "example.org.evil.test", 443, false)]
    [InlineData("*", "any.test", 443, true)]
    [InlineData("*", "any.test", 25, false)]
    [InlineData("*:25", "any.test", 25, true)]
    [InlineData("*", "192.0.2.1", 443, false)]
    [InlineData("*.1", "192.0.2.1", 443, null)]
    [InlineData("192.0.2.1", "3221225985", 443, true)]
    [InlineData("0xc0000201:443", "192.0.2.1", 443, true)]
    [InlineData("[2001:DB8::1]:443", "[2001:db8:0::1]", 443, true)]
    public void A_rule_permits_its_hosts_at_its_ports(string rule, string name, int port, bool? permitted)
    {
        Assert.True(HostName.TryParse(name, out var host, out var wrong), wrong);
        Assert.Equal(permitted, EgressRules.TryParse([rule], out var rules, out _) ? rules.Permits(host, port) : null);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("http://a.test", "port \"//a.test\"")]
    [InlineData("a.test:", "port \"\"")]
    [InlineData("a.test:0", "port \"0\"")]
    [InlineData("a.test:65536", "port \"65536\"")]
    [InlineData("a.test:+1", "port \"+1\"")]
    [InlineData("a.test/path", "labels")]
    [InlineData("*a.test", "labels")]
    [InlineData("a.*.test", "labels")]
    [InlineData("*.*", "labels")]
    [InlineData("*.", "is empty")]
    [InlineData("*.10.0.0.1", "address behind *.")]
    [InlineData("2001:db8::x", "brackets")]
    [InlineData("10.0.0.0/8", "labels")]
    [InlineData("socks5://a.test:1080", "labels")]
    public void A_wrong_rule_is_named_with_what_is_allowed(string rule, string reason)
    {
        var wrong = Assert.Throws<FormatException>(() => EgressRules.Parse(["good.test", rule])).Message;
        Assert.StartsWith($"\"{rule}\" ", wrong, StringComparison.Ordinal);
        Assert.Contains(reason, wrong, StringComparison.Ordinal);
        Assert.EndsWith("Allowed is a host name, an address, *.domain or *, each alone or with :port.", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_has_at_most_100_rules()
    {
        Assert.Equal(100, EgressRules.Parse(Enumerable.Range(0, 100).Select(one => $"a{one}.test")).Rules.Count);
        Assert.Contains("101 rules", Assert.Throws<FormatException>(() =>
            EgressRules.Parse(Enumerable.Range(0, 101).Select(one => $"a{one}.test"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*.example.org", "a.example.org", true)]
    [InlineData("*.example.org", "*.a.example.org:443", true)]
    [InlineData("*.example.org", "*.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.example.org", "*.xexample.org", false)]
    [InlineData("*.a.example.org", "*.example.org", false)]
    [InlineData("a.test:443", "a.test", false)]
    [InlineData("a.test:443,a.test:80", "a.test", true)]
    [InlineData("a.test", "a.test:8443", false)]
    [InlineData("*", "*.com", true)]
    [InlineData("*", "192.0.2.1", false)]
    [InlineData("*.com", "*", false)]
    [InlineData("a.test", "", true)]
    [InlineData("", "a.test", false)]
    public void A_list_covers_what_asks_for_no_more(string outer, string asked, bool covered) =>
        Assert.Equal(covered, ListOf(outer).Covers(ListOf(asked)));

    [Fact]
    public void What_a_covered_list_permits_the_covering_list_permits() => Gen.Select(
        s_rule.Array[0, 4], s_rule.Array[0, 4], s_name, Gen.OneOf(80, 443, 8443)).Fuzz(
        drawn =>
        {
            var (outer, asked, name, port) = drawn;
            Assert.True(HostName.TryParse(name, out var host, out _));
            var (all, some) = (EgressRules.Parse(outer), EgressRules.Parse(asked));
            Assert.True(all.Permits(host, port) || !some.Permits(host, port) || all.FirstOutside(some) is not null);
            Assert.True(all.Covers(all));
        },
        40_000);

    [Theory]
    [InlineData("a.example.org", "*.example.org", "a.example.org")]
    [InlineData("*.example.org", "a.example.org", "a.example.org")]
    [InlineData("a.example.org", "*.example.org:443", "a.example.org:443")]
    [InlineData("*:8443", "a.example.org,b.example.org:8443", "b.example.org:8443")]
    [InlineData("*.example.org,x.example.com:1", "*,x.example.com:2", "*.example.org")]
    [InlineData("a.example.org", "", "")]
    [InlineData("192.0.2.1", "*", "")]
    public void What_two_lists_permit_together_is_what_each_of_them_permits(string one, string other, string both)
    {
        Assert.Equal(both, $"{ListOf(one).Within(ListOf(other))}");
        Assert.Equal(both, $"{ListOf(other).Within(ListOf(one))}");
    }

    [Fact]
    public void Two_lists_permit_together_what_both_of_them_permit() => Gen.Select(
        s_rule.Array[0, 4], s_rule.Array[0, 4], s_name, Gen.OneOf(80, 443, 8443)).Fuzz(
        drawn =>
        {
            var (one, other, name, port) = drawn;
            Assert.True(HostName.TryParse(name, out var host, out _));
            var (a, b) = (EgressRules.Parse(one), EgressRules.Parse(other));
            Assert.Equal(a.Permits(host, port) && b.Permits(host, port), a.Within(b).Permits(host, port));
        },
        20_000);

    [Fact]
    public void A_list_read_again_from_json_is_itself() => s_rule.Array[0, 6].Fuzz(
        texts =>
        {
            var rules = EgressRules.Parse(texts);
            var json = JsonSerializer.Serialize(rules);
            Assert.Equal(rules, JsonSerializer.Deserialize<EgressRules>(json));
            Assert.Equal(rules, EgressRules.Parse(texts.Reverse().Concat(texts)));
        },
        4_000);

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[\"a b\"]")]
    public void Json_that_is_no_list_of_rules_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<EgressRules>(json));

    private static EgressRules ListOf(string line) => EgressRules.Parse(line.Length == 0 ? [] : line.Split(','));
}
