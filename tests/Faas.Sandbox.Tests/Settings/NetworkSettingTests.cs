using Faas.Actors.Configuration;
using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Faas.Http.Configuration;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.network</c> does, shown on the proxy alone.</summary>
public sealed class NetworkSettingTests : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-network-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Proves("network.allow")]
    public void Allow_is_what_versions_may_ask_for_and_empty_unless_it_is_set()
    {
        Assert.Equal(EgressRules.None, Load("").Allow);
        var options = Load("faas.network.allow = [\"*.example.org\", \"api.example.com:443\"]");
        Assert.True(options.Allow.Covers(EgressRules.Parse(["a.example.org", "api.example.com:443"])));
        Assert.False(options.Allow.Covers(EgressRules.Parse(["api.example.com:80"])));
        Assert.Contains(
            "faas.network.allow = \"http://a.test\": allowed is a host name, an address, *.domain or *",
            Assert.Throws<SettingException>(() => Load("faas.network.allow = [\"http://a.test\"]")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    [Proves("network.addresses")]
    public async Task Addresses_may_be_reached_although_they_are_not_public()
    {
        Assert.Equal("403", await StatusAsync(Load("")));
        Assert.Equal("403", await StatusAsync(Load("faas.network.addresses = [\"127.0.0.2\"]")));
        Assert.Equal("200", await StatusAsync(Load("faas.network.addresses = [\"127.0.0.0/8\"]")));
        Assert.Contains(
            "faas.network.addresses = \"127.0.0.1/8\": allowed is an address, or a range like",
            Assert.Throws<SettingException>(() => Load("faas.network.addresses = [\"127.0.0.1/8\"]")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max-connections")]
    [InlineData("max-connections-per-sandbox")]
    [Proves("network.max-connections")]
    [Proves("network.max-connections-per-sandbox")]
    public async Task One_connection_more_is_answered_503(string key)
    {
        await using var egress = new EgressUnderTest(Load($"faas.network.{key} = 1\nfaas.network.addresses = [\"127.0.0.1\"]"));
        await using var host = new HostUnderTest(client => client.ReadToEndAsync());
        var (_, proxy) = egress.Open($"127.0.0.1:{host.Port}");
        using var first = await EgressUnderTest.ConnectAsync(proxy, $"CONNECT 127.0.0.1:{host.Port} HTTP/1.1||");
        await first.ReadHeadAsync();

        Assert.Contains(
            $"503 faas.network: 1 connections are open already (faas.network.{key}).",
            await EgressUnderTest.AskAsync(proxy, $"CONNECT 127.0.0.1:{host.Port} HTTP/1.1||"),
            StringComparison.Ordinal);
    }

    [Fact]
    [Proves("network.max-bytes")]
    [Proves("network.header-size")]
    [Proves("network.connect-timeout")]
    public async Task Bytes_headers_and_the_time_to_connect_are_bounded()
    {
        await using var egress = new EgressUnderTest(Load(
            """
            faas.network.max-bytes = 2k
            faas.network.header-size = 1k
            faas.network.connect-timeout = 200ms
            faas.network.addresses = ["127.0.0.1"]
            """));
        await using var host = new HostUnderTest(HostUnderTest.Replies($"HTTP/1.1 200 OK||{new string('x', 5000)}"));
        var (_, proxy) = egress.Open($"127.0.0.1:{host.Port}", "silent.test");
        var request = $"GET http://127.0.0.1:{host.Port}/ HTTP/1.1|";

        Assert.StartsWith(
            "HTTP/1.1 431 ", await EgressUnderTest.AskAsync(proxy, $"{request}X-A: {new string('a', 2000)}||"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 504 ", await EgressUnderTest.AskAsync(proxy, "GET http://silent.test/ HTTP/1.1||"), StringComparison.Ordinal);
        await EgressUnderTest.AskAsync(proxy, $"{request}|");
        Assert.Contains(
            "403 faas.network: the run has sent and received more than 2048 bytes",
            await EgressUnderTest.AskAsync(proxy, $"{request}|"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("idle-timeout", "idle")]
    [InlineData("max-time", "open")]
    [Proves("network.idle-timeout")]
    [Proves("network.max-time")]
    public async Task A_connection_ends_when_it_is_idle_or_open_for_that_long(string key, string word)
    {
        var other = key == "max-time" ? "idle-timeout = 1h" : "max-time = 1h";
        await using var egress = new EgressUnderTest(Load($"faas.network.{key} = 1s\nfaas.network.{other}"));
        var (_, proxy) = egress.Open("a.test");
        using var client = await EgressUnderTest.ConnectAsync(proxy, "");

        await client.ReadToEndAsync();

        await Eventually.HoldsAsync(() => !egress.Lines.IsEmpty, TimeSpan.FromSeconds(10), () => "no line");
        Assert.EndsWith($"was {word} for too long (faas.network.{key}).", Assert.Single(egress.Lines), StringComparison.Ordinal);
    }

    [Fact]
    [Proves("network.interception")]
    [Proves("network.authority-file")]
    public async Task With_interception_the_start_makes_the_authority_in_its_file_and_without_it_there_is_none()
    {
        var (shipped, enabled) = (Load(""), Load("faas.network.interception = true"));
        Assert.Equal((false, true), (shipped.HasInterception, enabled.HasInterception));
        Assert.EndsWith("/network-authority.pem", shipped.AuthorityFile, StringComparison.Ordinal);
        Assert.Contains(
            "faas.network.authority-file = \"/usr/a.pem\": allowed is a file outside of /usr",
            Assert.Throws<SettingException>(() => Load("faas.network.authority-file = /usr/a.pem")).Message,
            StringComparison.Ordinal);

        var file = Path.Combine(_folder, "own.pem");
        await File.WriteAllTextAsync(file, "nonsense");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (exitCode, log) = await FaasServer.StartAndFailAsync(
            $"faas.network.interception = true\nfaas.network.authority-file = \"{file}\"");
        Assert.Equal(69, exitCode);
        Assert.Contains($"The authority's file {file} has no certificate with its private key in PEM.", log, StringComparison.Ordinal);
    }

    private static async Task<string> StatusAsync(EgressOptions options)
    {
        await using var egress = new EgressUnderTest(options);
        await using var host = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||"));
        var (_, proxy) = egress.Open($"127.0.0.1:{host.Port}");
        return (await EgressUnderTest.AskAsync(proxy, $"GET http://127.0.0.1:{host.Port}/ HTTP/1.1||"))[9..12];
    }

    private EgressOptions Load(string settings)
    {
        var file = Path.Combine(_folder, "override.conf");
        File.WriteAllText(file, settings);
        var environment = new Dictionary<string, string> { ["FAAS_CONFIG"] = file };
        return FaasConfiguration.Load(_folder, AppContext.BaseDirectory, environment).Egress;
    }
}
