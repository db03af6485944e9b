using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Network;

/// <summary>Sealed secrets from the upload to the host: by the usual clients, over plain HTTP and over TLS.</summary>
[TestLimit(180)]
public sealed class SealedTests
{
    private const string Value = "sk-9f86d081884c7d65";

    // No client takes 127.0.0.2 for its own machine (NO_PROXY).
    private static readonly IPAddress s_host = IPAddress.Parse("127.0.0.2");

    private const string InNode = """
        const https = require('https'), { execFileSync } = require('child_process');
        const headers = { 'X-Key': secrets.KEY };
        const got = (url) => new Promise((done) => https.get(url, { headers }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => done(text));
        }).on('error', (error) => done(error.message)));
        const fetched = async (url) => {
          try { return await (await fetch(url, { headers })).text(); } catch (error) { return error.cause?.message ?? error.message; }
        };
        const run = (program, ...given) => {
          try { return execFileSync(program, given, { encoding: 'utf8', stdio: 'pipe' }).trim(); } catch (error) { return error.stderr; }
        };
        const child = `fetch('${event.https}/e', {headers: {'X-Key': '${secrets.KEY}'}}).then((a) => a.text()).then(console.log)`;
        return { said: [
          await fetched(event.http + '/a'), await fetched(event.https + '/b'), await fetched(event.https + '/c'), await got(event.https + '/d'),
          run(process.execPath, '-e', child), run('/usr/bin/curl', '-sS', '-H', 'X-Key: ' + secrets.KEY, event.https + '/f')],
          isSealed: /^faas-sealed-[0-9a-f]{32}$/.test(secrets.KEY), other: await fetched(event.other + '/o') };
        """;

    private const string InPython = """
        import re, subprocess, urllib.request
        def got(url):
            return urllib.request.urlopen(urllib.request.Request(url, headers={'X-Key': secrets.KEY})).read().decode()
        def run(*command):
            done = subprocess.run(command, capture_output=True, text=True)
            return (done.stdout or done.stderr).strip()
        requests = "import requests, sys; print(requests.get(sys.argv[1], headers={'X-Key': sys.argv[2]}).text)"
        said = [got(event['http'] + '/a'), got(event['https'] + '/b'), got(event['https'] + '/c'),
            run('/usr/bin/curl', '-sS', '-H', 'X-Key: ' + secrets.KEY, event['https'] + '/d')]
        if event['requests']:
            said.append(run('/usr/bin/python3', '-c', requests, event['https'] + '/e', secrets.KEY))
        return {'said': said, 'isSealed': bool(re.fullmatch('faas-sealed-[0-9a-f]{32}', secrets.KEY)), 'other': got(event['other'] + '/o')}
        """;

    [Fact]
    public async Task The_usual_clients_send_a_value_that_no_script_has_to_its_host_alone()
    {
        using var certificate = new TestCertificate(s_host);
        await using var plain = TestHost.Plain(s_host);
        await using var secure = TestHost.Secure(s_host, certificate);
        await using var other = TestHost.Plain(s_host);
        await using var server = await FaasServer.StartAsync(
            $$"""
            faas.network { interception = true, addresses = ["127.0.0.0/8"], allow = {{JsonSerializer.Serialize(
                (string[])[plain.Name, secure.Name, other.Name])}} }
            """,
            environment: ("SSL_CERT_FILE", certificate.CertificateFile));
        await WriteAsync(server, "KEY", Value);
        var hasRequests = Directory.Exists("/usr/lib/python3/dist-packages/requests");
        var input = new { http = plain.Url, https = secure.Url, other = other.Url, requests = hasRequests };
        (string, string, int)[] scripts = [("javascript", InNode, 6), ("python", InPython, hasRequests ? 5 : 4)];
        foreach (var (language, code, calls) in scripts)
        {
            foreach (var isolation in (string[])["process", "shared"])
            {
                var path = $"{language}/{isolation}";
                using var upload = await server.PostAsync("/upload", new
                {
                    path,
                    language,
                    code,
                    isolation,
                    network = new { allow = new[] { plain.Name, secure.Name, other.Name } },
                    @sealed = new Dictionary<string, string[]> { ["KEY"] = [plain.Name, secure.Name] },
                });
                Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
                for (var call = 0; call < 2; call++) // cold, then warm
                {
                    var reply = JsonDocument.Parse((await server.RunAsync(path, input)).Data).RootElement;
                    Assert.Equal(
                        Enumerable.Range(0, calls).Select(at => $"{(at == 0 ? plain : secure).Url} says /{(char)('a' + at)} to ***"),
                        reply.GetProperty("said").EnumerateArray().Select(text => text.GetString()));
                    Assert.True(reply.GetProperty("isSealed").GetBoolean());
                    Assert.Matches(
                        $"^{other.Url} says /o to faas-sealed-[0-9a-f]{{32}}$", reply.GetProperty("other").GetString()!);
                }
            }
        }

        Assert.All(plain.Keys.Concat(secure.Keys), key => Assert.Equal(Value, key));
        Assert.Equal(8, plain.Keys.Count);
        var authority = Path.Combine(server.Folder, "data", "network-authority.pem");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(authority));
        Assert.Contains("secrets=KEY withheld=- ", server.Log, StringComparison.Ordinal);
        Assert.Contains("secrets=- withheld=KEY ", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, server.Log, StringComparison.Ordinal);
        await server.EndAsync();
    }

    private static async Task WriteAsync(FaasServer server, string name, string value)
    {
        using var response = await server.Client.PutAsync(
            new Uri($"/api/v1/secrets/{name}", UriKind.Relative), JsonContent.Create(new { value }));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
