using Faas.Actors.Hosts;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class NetworkCeilingTests
{
    private static readonly NetworkCeiling s_server = new(Rules("*.example.org", "api.example.com:443"), IsSupported: true);

    [Theory]
    [InlineData("api.example.com:443")]
    [InlineData("a.b.example.org")]
    [InlineData("*.b.example.org:443")]
    public void A_version_may_ask_for_what_the_operator_permits(string host) => Assert.Null(s_server.Check(Asked(host), key: null));

    [Theory]
    [InlineData("api.example.com")]
    [InlineData("api.example.com:8443")]
    [InlineData("example.org")]
    [InlineData("*")]
    [InlineData("127.0.0.1")]
    public void What_lies_outside_is_named_with_what_is_permitted(string host) => Assert.Equal(
        $"asks for \"{host}\", which the server (faas.network.allow) does not permit; it permits *.example.org, api.example.com:443",
        s_server.Check(Asked("x.example.org", host), key: null));

    [Fact]
    public void A_key_narrows_what_the_operator_permits_and_widens_nothing()
    {
        var asked = Asked("x.example.org");
        Assert.Null(s_server.Check(asked, ("ci", Rules("*.example.org"))));
        Assert.Equal(
            "asks for \"x.example.org\", which the key \"ci\" does not permit; it permits api.example.com:443",
            s_server.Check(asked, ("ci", Rules("api.example.com:443"))));
        Assert.Equal(
            "asks for \"x.example.org\", which the key \"ci\" does not permit; it permits no host",
            s_server.Check(asked, ("ci", EgressRules.None)));
        Assert.Contains(
            "which the server (faas.network.allow) does not permit; it permits no host",
            NetworkCeiling.Closed.Check(asked, ("ci", Rules("*"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_can_let_no_script_reach_a_host_refuses_the_runs_that_ask_for_one()
    {
        var none = s_server with { IsSupported = false };
        var refusal = none.Refuse(new RunSettings { Network = Rules("x.example.org") });
        Assert.Equal(RefusalReason.NetworkUnsupported, refusal!.Reason);
        Assert.Contains("must run as root", refusal.Detail, StringComparison.Ordinal);
        Assert.Null(none.Refuse(new RunSettings { Pids = 16 }));
        Assert.Null(none.Refuse(settings: null));
        Assert.Null(s_server.Refuse(new RunSettings { Network = Rules("x.example.org") }));
    }

    private static EgressRules Rules(params string[] rules) => EgressRules.Parse(rules);

    private static NetworkSetting Asked(params string[] rules) => new(Rules(rules));
}
