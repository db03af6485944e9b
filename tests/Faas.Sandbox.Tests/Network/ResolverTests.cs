using System.Text.Json;

namespace Faas.Sandbox.Tests.Network;

/// <summary>Names that a DNS server resolves, as the server's own resolver asks it.</summary>
[TestLimit(120)]
public sealed class ResolverTests
{
    private const string Npm = "/usr/lib/node_modules/npm/bin/npm-cli.js";

    [Fact]
    public async Task A_name_that_leads_elsewhere_on_the_second_question_leads_nowhere_and_npm_finds_its_registry()
    {
        using var dns = new DnsServer();
        dns.Name("rebind.test", ["127.0.0.2"], ["127.0.0.3"]);
        dns.Name("both.test", ["127.0.0.2", "127.0.0.3"]);
        dns.Name("registry.test", ["127.0.0.2"]);
        await using var host = TestHost.Plain(System.Net.IPAddress.Parse("127.0.0.2"));
        await using var registry = new HostUnderTest(
            HostUnderTest.Replies("HTTP/1.1 200 OK|Content-Type: application/json|Connection: close||"
                + """{"name":"pad","dist-tags":{"latest":"1.2.3"},"versions":{"1.2.3":{"name":"pad","version":"1.2.3"}}}"""),
            "127.0.0.2");
        var port = host.Name.Split(':')[1];
        string[] allow = [$"*.test:{port}", $"registry.test:{registry.Port}"];
        await using var server = await FaasServer.StartWithResolverAsync(
            dns.Address, $"faas.network {{ addresses = [\"127.0.0.2\"], allow = {JsonSerializer.Serialize(allow)} }}");
        await server.UploadAsync("resolve", "javascript", """
            const said = async (url) => (await fetch(url)).text();
            const npm = event.npm === null ? '1.2.3' : require('child_process').execFileSync(process.execPath,
              [event.npm, 'view', 'pad', 'version', '--no-update-notifier', '--registry', event.registry], { encoding: 'utf8' }).trim();
            return [await said(`http://rebind.test:${event.port}/a`), await said(`http://rebind.test:${event.port}/b`),
              await said(`http://both.test:${event.port}/c`), npm];
            """, new { allow });

        var reply = await server.RunAsync("resolve", new
        {
            port, registry = $"http://registry.test:{registry.Port}/", npm = File.Exists(Npm) ? Npm : null,
        });

        var said = JsonDocument.Parse(reply.Data).RootElement.EnumerateArray().Select(text => text.GetString()!).ToArray();
        Assert.Equal(($"{host.Url} says /a", "1.2.3"), (said[0], said[3]));
        Assert.All(said[1..3], text => Assert.Contains("leads to an address that is loopback", text, StringComparison.Ordinal));
        Assert.Equal(2, dns.Asked.Count(name => name == "rebind.test"));
        Assert.Equal(["GET /a HTTP/1.1"], host.Asked);
        await server.EndAsync();
    }
}
