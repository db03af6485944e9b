using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Faas.Sandbox.Tests.Abuse;

namespace Faas.Sandbox.Tests.Network;

/// <summary>Scripts that reach hosts by the server's proxy, from the upload to the host, and what they cannot reach.</summary>
[TestLimit(180)]
public sealed class EgressTests
{
    // No client takes 127.0.0.2 for its own machine (NO_PROXY).
    private static readonly IPAddress s_permitted = IPAddress.Parse("127.0.0.2");

    private const string InNode = """
        const http = require('http'), https = require('https'), fs = require('fs'), { execFileSync } = require('child_process');
        require('tls').setDefaultCACertificates([event.ca]);
        const get = (client, url) => new Promise((done) => client.get(url, { ca: event.ca }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => done(text));
        }).on('error', (error) => done(error.message)));
        const fetched = async (url) => {
          try { return await (await fetch(url)).text(); } catch (error) { return error.cause?.message ?? error.message; }
        };
        fs.writeFileSync('/tmp/ca.pem', event.ca);
        const run = (program, ...given) => {
          try { return execFileSync(program, given, { encoding: 'utf8', stdio: 'pipe' }).trim(); } catch (error) { return error.stderr; }
        };
        const curl = (url) => run('/usr/bin/curl', '-sS', '--cacert', '/tmp/ca.pem', url);
        const child = (url) => run(process.execPath, '-e', `fetch('${url}').then((a) => a.text()).then(console.log)`);

        """;

    private const string AllInNode = InNode + """
        return { fetch: [await fetched(event.http + '/a'), await fetched(event.https + '/b')],
          get: [await get(http, event.http + '/c'), await get(https, event.https + '/d')],
          child: child(event.http + '/e'), curl: [curl(event.http + '/f'), curl(event.https + '/g')] };
        """;

    private const string InPython = """
        import json, os, ssl, subprocess, urllib.error, urllib.request
        trust = ssl.create_default_context(cadata=event['ca'])
        def got(url):
            try:
                return urllib.request.urlopen(url, context=trust if url.startswith('https') else None).read().decode()
            except urllib.error.HTTPError as error:
                return str(error)
            except urllib.error.URLError as error:
                return str(error.reason)
        def curl(url):
            with open('/tmp/ca.pem', 'w') as file:
                file.write(event['ca'])
            done = subprocess.run(['/usr/bin/curl', '-sS', '--cacert', '/tmp/ca.pem', url], capture_output=True, text=True)
            return done.stdout or done.stderr

        """;

    private const string AllInPython = InPython + """
        return {'urllib': [got(event['http'] + '/a'), got(event['https'] + '/b')],
            'curl': [curl(event['http'] + '/c'), curl(event['https'] + '/d')]}
        """;

    [Theory]
    [InlineData("fork")]
    [InlineData("exec")]
    public async Task A_version_reaches_the_hosts_that_it_asks_for_by_the_usual_clients_and_no_other(string launch)
    {
        using var certificate = new TestCertificate(s_permitted);
        await using var plain = TestHost.Plain(s_permitted);
        await using var secure = TestHost.Secure(s_permitted, certificate);
        await using var other = TestHost.Plain(s_permitted);
        await using var server = await FaasServer.StartAsync(Settings(launch, plain.Name, secure.Name, other.Name));
        var network = new { allow = new[] { plain.Name, secure.Name } };
        var input = new
        {
            ca = await File.ReadAllTextAsync(certificate.CertificateFile),
            http = plain.Url,
            https = secure.Url,
            other = other.Url,
        };
        string Said(TestHost host, string path) => $"{host.Url} says {path}";
        foreach (var isolation in (string[])["process", "sandbox", "shared"])
        {
            await server.UploadAsync($"node/{isolation}", "javascript", AllInNode, network, isolation);
            await server.UploadAsync($"python/{isolation}", "python", AllInPython, network, isolation);
            for (var call = 0; call < (isolation == "sandbox" ? 1 : 2); call++) // cold, then warm
            {
                var node = await ReturnedAsync(server, $"node/{isolation}", input);
                AssertSame(node, "fetch", Said(plain, "/a"), Said(secure, "/b"));
                AssertSame(node, "get", Said(plain, "/c"), Said(secure, "/d"));
                Assert.Equal(Said(plain, "/e"), node.GetProperty("child").GetString());
                AssertSame(node, "curl", Said(plain, "/f"), Said(secure, "/g"));
                var python = await ReturnedAsync(server, $"python/{isolation}", input);
                AssertSame(python, "urllib", Said(plain, "/a"), Said(secure, "/b"));
                AssertSame(python, "curl", Said(plain, "/c"), Said(secure, "/d"));
            }
        }

        var rule = $"'{other.Name}' is not in the version's network.allow";
        await server.UploadAsync("node/refused", "javascript", InNode + """
            const tunnel = event.other.replace('http:', 'https:');
            return [await fetched(event.other), await fetched(tunnel), await get(http, event.other), await get(https, tunnel)];
            """, network);
        await server.UploadAsync("python/refused", "python", InPython + """
            return [got(event['other']), got(event['other'].replace('http:', 'https:'))]
            """, network);
        foreach (var path in (string[])["node/refused", "python/refused"])
        {
            Assert.All(
                (await ReturnedAsync(server, path, input)).EnumerateArray(),
                said => Assert.Contains(rule, said.GetString(), StringComparison.Ordinal));
        }

        Assert.Empty(other.Asked);
        await server.EndAsync();
    }

    [Fact]
    public async Task Without_hosts_there_is_no_proxy_and_with_hosts_there_is_still_no_route()
    {
        await using var host = TestHost.Plain(s_permitted);
        await using var another = TestHost.Plain(s_permitted);
        await using var server = await FaasServer.StartAsync(Settings("fork", host.Name, another.Name));
        const string raw = """
            const net = require('net');
            const to = (port, host) => new Promise((done) => net.connect(port, host)
              .on('connect', () => done('connected')).on('error', (error) => done(error.code)));
            return [await to(3128, '127.0.0.1'), await to(80, '192.0.2.1'), await to(event.port, '127.0.0.2'),
              Object.keys(process.env).filter((name) => /proxy/i.test(name)).length, Object.keys(require('os').networkInterfaces())];
            """;
        var network = new { allow = new[] { host.Name } };
        await server.UploadAsync("closed", "javascript", raw);
        await server.UploadAsync("open", "javascript", raw, network);
        var input = new { port = int.Parse(host.Name.Split(':')[1], CultureInfo.InvariantCulture) };
        for (var turn = 0; turn < 2; turn++) // in sandboxes side by side
        {
            Assert.Equal("[\"ECONNREFUSED\",\"ENETUNREACH\",\"ECONNREFUSED\",0,[\"lo\"]]", (await server.RunAsync("closed", input)).Data);
            Assert.Equal("[\"connected\",\"ENETUNREACH\",\"ECONNREFUSED\",7,[\"lo\"]]", (await server.RunAsync("open", input)).Data);
        }

        await server.UploadAsync("another", "javascript", """
            try { return await (await fetch(event.url)).text(); } catch (error) { return error.cause?.message ?? error.message; }
            """, new { allow = new[] { another.Name } });
        var refused = await server.RunAsync("another", new { url = host.Url }); // beside the sandbox that may reach this host
        Assert.Contains($"'{host.Name}' is not in the version's network.allow ({another.Name})", refused.Data, StringComparison.Ordinal);
        Assert.Equal($"\"{another.Url} says /\"", (await server.RunAsync("another", new { url = $"{another.Url}/" })).Data);

        var now = await server.ReplyAsync(
            "/run-now", new { language = "python", code = PythonGet, network, input = new { url = $"{host.Url}/now" } });
        Assert.Equal($"\"{host.Url} says /now\"", now.Data);
        Assert.Equal(["GET /now HTTP/1.1"], host.Asked);
        await server.EndAsync();
    }

    [Fact]
    public async Task The_servers_own_api_is_no_host_even_where_all_of_loopback_is_permitted()
    {
        var port = FreePort.Find();
        await using var server = await FaasServer.StartAsync(
            Settings("fork", $"127.0.0.1:{port}", $"127.0.0.2:{port}"), environment: ("HTTP_PORT", $"{port}"));
        await server.UploadAsync("api", "javascript", """
            const http = require('http');
            const request = (host) => ({ host: '127.0.0.1', port: 3128, path: `http://${host}/healthz`, headers: { host } });
            const ask = (host) => new Promise((done) => http.request(request(host), (answer) => {
              answer.resume();
              done(`${answer.statusCode} ${answer.statusMessage}`);
            }).end());
            return [await ask(`127.0.0.1:${event.port}`), await ask(`127.0.0.2:${event.port}`), await ask(`2130706433:${event.port}`)];
            """, new { allow = new[] { $"127.0.0.1:{port}", $"127.0.0.2:{port}" } });
        Assert.All(
            JsonDocument.Parse((await server.RunAsync("api", new { port })).Data).RootElement.EnumerateArray(),
            said =>
            {
                Assert.StartsWith("403 ", said.GetString(), StringComparison.Ordinal);
                Assert.Contains("leads to this server itself", said.GetString(), StringComparison.Ordinal);
            });
        await server.EndAsync();
    }

    [Fact]
    public async Task The_walls_of_the_abuse_suite_stand_with_an_open_door()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var socketName = $"faas-egress-{Path.GetRandomFileName()}";
        socket.Bind(new UnixDomainSocketEndPoint($"\0{socketName}"));
        socket.Listen();
        var server = await AbuseServer.StartAsync("fork", TimeSpan.FromMinutes(2), socketName, ", network { allow = [\"*\"] }");
        foreach (var attempt in NetworkTests.WithoutHttp)
        {
            await server.ProveAsync(attempt, new { allow = new[] { "*.example.org", "api.example.com:443" } });
        }

        await server.StopAsync();
    }

    private const string PythonGet = "import urllib.request\nreturn urllib.request.urlopen(event['url']).read().decode()";

    private static string Settings(string launch, params string[] allow) =>
        $"faas {{ sandbox.launch = {launch}, network {{ allow = {JsonSerializer.Serialize(allow)}, addresses = [\"127.0.0.0/8\"] }} }}";

    private static async Task<JsonElement> ReturnedAsync(FaasServer server, string path, object input) =>
        JsonDocument.Parse((await server.RunAsync(path, input)).Data).RootElement;

    private static void AssertSame(JsonElement returned, string client, params string[] said) =>
        Assert.Equal(said, returned.GetProperty(client).EnumerateArray().Select(text => text.GetString()));
}
