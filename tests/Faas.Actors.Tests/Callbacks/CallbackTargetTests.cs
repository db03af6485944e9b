using Faas.Actors.Callbacks;
using Xunit;

namespace Faas.Actors.Tests.Callbacks;

/// <summary>Which URLs a callback may be sent to.</summary>
public sealed class CallbackTargetTests
{
    [Theory]
    [InlineData("https://hooks.example.com/done?token=1")]
    [InlineData("https://HOOKS.example.com.:443/done")]
    [InlineData("https://a.b.example.org/")]
    [InlineData("http://plain.example.com:8080/")]
    [InlineData("https://plain.example.com:8080/")]
    [InlineData("http://[fd00::1]:9000/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://0x0a.1.2.3/")]
    public void A_host_that_a_rule_permits_is_a_target(string url) => Assert.Null(Wrong(url));

    [Theory]
    [InlineData("https://example.org/", "leads to example.org:443, which faas.callbacks.hosts does not permit")]
    [InlineData("https://hooks.example.com:8443/", "leads to hooks.example.com:8443, which")]
    [InlineData("https://hooks.example.com.evil.test/", "leads to hooks.example.com.evil.test:443, which")]
    [InlineData("http://hooks.example.com/", "is not encrypted; http:// needs a rule of faas.callbacks.hosts that names the port: hooks.example.com:80")]
    [InlineData("https://169.254.169.254/", "leads to 169.254.169.254:443, which")]
    [InlineData("https://167838211/", "leads to 10.1.2.3:443")] // as a number
    [InlineData("https://user:secret@hooks.example.com/", "has a user name, which a callback may not have")]
    [InlineData("https://hooks.example.com/#part", "has a fragment, which a callback may not have")]
    [InlineData("ftp://hooks.example.com/", "is no absolute URL that begins with https:// or http://")]
    [InlineData("file:///etc/passwd", "is no absolute URL")]
    [InlineData("/done", "is no absolute URL")]
    [InlineData("hooks.example.com", "is no absolute URL")]
    [InlineData("", "is no absolute URL")]
    public void Any_other_is_refused_with_the_reason(string url, string why)
    {
        var hosts = url.Contains("167838211", StringComparison.Ordinal) ? [] : s_hosts;
        Assert.StartsWith(why, Wrong(url, hosts), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_URL_is_refused() =>
        Assert.Equal("has 2021 characters; allowed are 2000", Wrong($"https://example.com/?{new string('a', 2000)}"));

    private static readonly string[] s_hosts =
        ["hooks.example.com", "*.example.org", "plain.example.com:8080", "[fd00::1]:9000", "10.1.2.3:443"];

    private static string? Wrong(string url, string[]? hosts = null)
    {
        var isTarget = CallbackTarget.TryParse(url, CallbackExample.Options(hosts ?? s_hosts).Hosts, out var target, out var wrong);
        Assert.Equal((isTarget, isTarget), (target is not null, wrong is null));
        return wrong;
    }
}
