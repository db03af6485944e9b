using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Faas.Actors.Egress.Tls;
using Faas.Actors.Hosts;
using Xunit;

namespace Faas.Actors.Tests.Egress;

/// <summary>Tunnels to hosts that a sealed secret is bound to, where the proxy ends TLS.</summary>
public sealed class EgressInterceptTests : IDisposable
{
    private readonly CertificateAuthority _authority = CertificateAuthority.Create();
    private readonly TestCertificate _trusted = new(IPAddress.Loopback, "a.test", "b.test");
    private readonly TestCertificate _foreign = new(IPAddress.Loopback, "a.test");
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _foreignCertificate;

    public EgressInterceptTests() => (_certificate, _foreignCertificate) = (_trusted.Load(), _foreign.Load());

    public void Dispose()
    {
        _trusted.Dispose();
        _foreign.Dispose();
        _certificate.Dispose();
        _foreignCertificate.Dispose();
    }

    [Fact]
    public async Task An_ordinary_client_sends_several_requests_with_the_value_over_one_connection()
    {
        var asked = new ConcurrentQueue<string>();
        await using var host = Host(async (stream, read) =>
        {
            while (await read() is { Length: > 0 } head)
            {
                asked.Enqueue(head);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
            }
        });
        await using var egress = Egress();
        var secret = Secret($"a.test:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"*.test:{host.Port}");
        using var handler = Handler(proxy);
        using var http = new HttpClient(handler);
        for (var call = 0; call < 3; call++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"https://a.test:{host.Port}/{call}?k={secret.Placeholder}")
            {
                Content = call == 1 ? new StreamContent(new MemoryStream("chunks"u8.ToArray())) : new ByteArrayContent("hello"u8.ToArray()),
            };
            request.Headers.TransferEncodingChunked = call == 1;
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {secret.Placeholder}");
            Assert.Equal("ok", await (await http.SendAsync(request)).Content.ReadAsStringAsync());
        }

        Assert.Equal(3, asked.Count);
        Assert.All(asked, head => Assert.Contains("\r\nAuthorization: Bearer s3cret v\r\n", head, StringComparison.Ordinal));
        Assert.All(asked, head => Assert.Matches("^POST /[0-2]\\?k=s3cret%20v HTTP/1.1\r\n", head));
        Assert.EndsWith("\r\n\r\n6\r\nchunks\r\n0\r\n\r\n", asked.ElementAt(1), StringComparison.Ordinal);
        Assert.Equal(1, host.Connections);
        handler.Dispose();
        await Eventually.HoldsAsync(() => !egress.Lines.IsEmpty, TimeSpan.FromSeconds(20), () => "no line");
        var line = Assert.Single(egress.Lines);
        Assert.Contains("verdict=allowed host=a.test ", line, StringComparison.Ordinal);
        Assert.Contains("secrets=KEY withheld=- ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_host_is_reached_end_to_end_and_gets_the_placeholder()
    {
        var asked = new ConcurrentQueue<string>();
        await using var host = Host(async (stream, read) =>
        {
            asked.Enqueue(await read());
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        });
        await using var egress = Egress();
        var secret = Secret($"a.test:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"*.test:{host.Port}");
        var issuer = "";
        using var handler = new SocketsHttpHandler { Proxy = new WebProxy($"http://{proxy}") };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => (issuer = certificate!.Issuer) is not null;
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.TryAddWithoutValidation("X", secret.Placeholder);
        using var reply = await http.GetAsync($"https://b.test:{host.Port}/");

        Assert.Equal("CN=127.0.0.1", issuer); // the host's own certificate
        Assert.Contains(secret.Placeholder, Assert.Single(asked), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1|Host: b.test||", "400 faas.network: the Host header of the request in the tunnel does not name the tunnel's host 'a.test'.")]
    [InlineData("GET / HTTP/1.1||", "400 faas.network: the Host header of the request in the tunnel does not name")]
    [InlineData("GET http://a.test/ HTTP/1.1|Host: a.test||", "400 faas.network: the request in the tunnel does not name a path.")]
    [InlineData("POST / HTTP/1.1|Host: a.test|Content-Length: 1|Transfer-Encoding: chunked||", "400 faas.network: the request has more than one")]
    [InlineData("POST / HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||3;x|abc|", "400 faas.network: the body of the request is not chunked")]
    [InlineData("TRACE / HTTP/1.1|Host: a.test|X: PLACEHOLDER||", "400 faas.network: the reply to TRACE is the request itself")]
    [InlineData("GET / HTTP/1.1|Host: a.test|Connection: Upgrade||", "400 faas.network: of upgrades, the proxy passes a WebSocket's alone on")]
    [InlineData("GET / HTTP/1.1|Host: a.test|Connection: Upgrade|Upgrade: h2c||", "400 faas.network: of upgrades, the proxy passes a WebSocket's")]
    [InlineData("GET / HTTP/1.1|Host: a.test|Upgrade: websocket||", "400 faas.network: of upgrades, the proxy passes a WebSocket's alone on")]
    [InlineData("POST / HTTP/1.1|Host: a.test|Connection: Upgrade|Upgrade: websocket||", "400 faas.network: of upgrades, the proxy passes a")]
    [InlineData("GET / HTTP/1.0|Host: a.test|Connection: Upgrade|Upgrade: websocket||", "400 faas.network: of upgrades, the proxy passes a")]
    [InlineData("PRI * HTTP/2.0||", "400 faas.network: the request is not one of HTTP/1.0 or HTTP/1.1.")]
    [InlineData("\u0001\u0002", "400 faas.network: in a tunnel to a host that a sealed secret is bound to, the proxy understands HTTP/1.1 alone.")]
    public async Task A_request_in_the_tunnel_is_judged_as_strictly_as_one_outside(string request, string said)
    {
        await using var host = Host(async (_, read) => await read());
        await using var egress = Egress();
        var secret = Secret($"a.test:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"a.test:{host.Port}");
        await using var client = await ConnectAsync(proxy, host.Port);

        request = request.Replace("|", "\r\n", StringComparison.Ordinal).Replace("PLACEHOLDER", secret.Placeholder, StringComparison.Ordinal);
        await client.WriteAsync(Encoding.Latin1.GetBytes(request));

        Assert.StartsWith($"HTTP/1.1 {said}", await ReadAllAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_request_gets_its_reply_behind_those_of_the_requests_before_it()
    {
        await using var host = Host(async (stream, read) =>
        {
            await read();
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"u8.ToArray());
            Assert.Empty(await read()); // a host that ends first ends the connection before the second request is judged
        });
        await using var egress = Egress();
        var secret = Secret($"a.test:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"a.test:{host.Port}");
        await using var client = await ConnectAsync(proxy, host.Port);

        await client.WriteAsync("GET / HTTP/1.1\r\nHost: a.test\r\n\r\nGET / HTTP/1.1\r\nHost: evil.test\r\n\r\n"u8.ToArray());

        Assert.StartsWith(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstHTTP/1.1 400 faas.network: ", await ReadAllAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_request_gets_its_reply_at_once_from_a_host_that_keeps_the_connection()
    {
        var over = new TaskCompletionSource();
        await using var host = Host(async (stream, read) =>
        {
            await read();
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"u8.ToArray());
            await over.Task.WaitAsync(TimeSpan.FromMinutes(1));
        });
        await using var egress = Egress();
        var secret = Secret($"a.test:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"a.test:{host.Port}");
        await using var client = await ConnectAsync(proxy, host.Port);

        await client.WriteAsync("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"u8.ToArray());
        Assert.EndsWith("first", await ReadUntilAsync(client, "first"), StringComparison.Ordinal);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 400 faas.network: ", await ReadAllAsync(client), StringComparison.Ordinal);
        over.SetResult();
    }

    [Fact]
    public async Task What_follows_a_request_for_a_websocket_that_the_host_does_not_agree_to_is_a_request()
    {
        var asked = new ConcurrentQueue<string>();
        await using var host = Host(async (stream, read) =>
        {
            asked.Enqueue(await read());
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\nHTTP/1.1 101 Yes\r\n\r\n0123456789ab"u8.ToArray());
            asked.Enqueue(await read());
        });
        await using var egress = Egress();
        var secret = Secret($"a.test:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"a.test:{host.Port}");
        await using var client = await ConnectAsync(proxy, host.Port);

        await client.WriteAsync(Encoding.ASCII.GetBytes(
            "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: evil.test\r\n\r\n"));

        Assert.Contains("HTTP/1.1 400 faas.network: ", await ReadAllAsync(client), StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => asked.Count == 2, TimeSpan.FromSeconds(20), () => "the host was not left");
        Assert.Equal("", asked.Last());
    }

    [Fact]
    public async Task A_tunnel_that_opens_between_runs_of_a_version_is_ended_for_the_runs_after_it()
    {
        var asked = new ConcurrentQueue<string>();
        await using var host = Host(async (stream, read) =>
        {
            while (await read() is { Length: > 0 } head)
            {
                asked.Enqueue(head);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        });
        await using var egress = Egress();
        SealedSecret[] runs = [Secret($"a.test:{host.Port}"), Secret($"a.test:{host.Port}")];
        var (door, proxy) = egress.Open([runs[0]], $"a.test:{host.Port}");
        door.Forget([runs[0]]);
        await using var client = await ConnectAsync(proxy, host.Port);
        door.Extend([runs[1]]);

        foreach (var run in runs)
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a.test\r\nX: {run.Placeholder}\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 200 OK", await ReadHeadAsync(client), StringComparison.Ordinal);
        }

        Assert.Contains($"X: {runs[0].Placeholder}\r\n", asked.First(), StringComparison.Ordinal);
        Assert.Contains("X: s3cret v\r\n", asked.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_to_an_address_is_ended_too()
    {
        var asked = new ConcurrentQueue<string>();
        await using var host = Host(async (stream, read) =>
        {
            asked.Enqueue(await read());
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        });
        await using var egress = Egress();
        var secret = Secret($"127.0.0.1:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"127.0.0.1:{host.Port}");
        await using var client = await ConnectAsync(proxy, host.Port, "127.0.0.1");

        await client.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {secret.Placeholder}\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 200 OK", await ReadHeadAsync(client), StringComparison.Ordinal);
        Assert.Contains("X: s3cret v\r\n", Assert.Single(asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_and_one_whose_issuer_would_have_to_be_fetched_are_not_trusted_and_nothing_is_fetched()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var expired = RequestFor(key).CreateSelfSigned(now.AddDays(-2), now.AddDays(-1));
        await using var issuer = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 404 None|Content-Length: 0||"));
        var request = RequestFor(key);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(
            ocspUris: [$"http://127.0.0.1:{issuer.Port}/ocsp"], caIssuersUris: [$"http://127.0.0.1:{issuer.Port}/issuer.cer"]));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var generator = X509SignatureGenerator.CreateForECDsa(rootKey);
        using var unsigned = request.Create(new X500DistinguishedName("CN=elsewhere"), generator, now.AddDays(-1), now.AddDays(1), [1]);
        using var foreign = unsigned.CopyWithPrivateKey(key);
        X509Certificate2Collection?[] trusted = [[expired], null]; // null: what the system trusts, as in production
        foreach (var (certificate, roots, why) in ((X509Certificate2, X509Certificate2Collection?, string)[])
            [(expired, trusted[0], "NotTimeValid"), (foreign, trusted[1], "PartialChain")])
        {
            await using var host = Host(async (_, read) => Assert.Empty(await read()), certificate);
            await using var egress = Egress(roots);
            var secret = Secret($"a.test:{host.Port}");
            var (_, proxy) = egress.Open([secret], $"a.test:{host.Port}");
            await using var client = await ConnectAsync(proxy, host.Port);
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"u8.ToArray());

            var reply = await ReadAllAsync(client);
            Assert.StartsWith("HTTP/1.1 502 faas.network: ", reply, StringComparison.Ordinal);
            Assert.Contains(why, reply, StringComparison.Ordinal);
        }

        Assert.Equal(0, issuer.Connections);
    }

    private static CertificateRequest RequestFor(ECDsa key)
    {
        var request = new CertificateRequest("CN=a.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("a.test");
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    [Fact]
    public async Task A_websocket_passes_once_the_host_has_agreed_and_a_request_after_a_refusal_is_one()
    {
        var asked = new ConcurrentQueue<string>();
        await using var host = Host(async (stream, read) =>
        {
            asked.Enqueue(await read());
            await stream.WriteAsync("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            asked.Enqueue(await read());
            await stream.WriteAsync("HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"u8.ToArray());
            var frame = new byte[4];
            await stream.ReadExactlyAsync(frame);
            await stream.WriteAsync(frame);
        });
        await using var egress = Egress();
        var secret = Secret($"a.test:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"a.test:{host.Port}");
        await using var client = await ConnectAsync(proxy, host.Port);
        var request = Encoding.ASCII.GetBytes(
            $"GET /?k={secret.Placeholder} HTTP/1.1\r\nHost: a.test:{host.Port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

        await client.WriteAsync(request);
        Assert.StartsWith("HTTP/1.1 401 No", await ReadHeadAsync(client), StringComparison.Ordinal);
        await client.WriteAsync(request);
        Assert.StartsWith("HTTP/1.1 101 Yes", await ReadHeadAsync(client), StringComparison.Ordinal);
        await client.WriteAsync(new byte[] { 0x41, 0x82, (byte)'h', (byte)'i' }); // as a frame of compressed text begins
        var echo = new byte[4];
        await client.ReadExactlyAsync(echo);

        Assert.Equal([0x41, 0x82, (byte)'h', (byte)'i'], echo);
        Assert.All(asked, head => Assert.StartsWith("GET /?k=s3cret%20v HTTP/1.1\r\n", head, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "a.test", "has a certificate that this machine does not trust")]
    [InlineData(false, "c.test", "has a certificate for another name")]
    public async Task A_host_whose_certificate_is_not_right_gets_no_request_and_the_script_is_told(bool isForeign, string name, string why)
    {
        await using var host = Host(async (_, read) => Assert.Empty(await read()), isForeign ? _foreignCertificate : _certificate);
        await using var egress = Egress();
        var secret = Secret($"{name}:{host.Port}");
        var (_, proxy) = egress.Open([secret], $"{name}:{host.Port}");
        await using var client = await ConnectAsync(proxy, host.Port, name);

        await client.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {name}\r\nX: {secret.Placeholder}\r\n\r\n"));

        var reply = await ReadAllAsync(client);
        Assert.StartsWith("HTTP/1.1 502 faas.network: ", reply, StringComparison.Ordinal);
        Assert.Contains(why, reply, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => !egress.Lines.IsEmpty, TimeSpan.FromSeconds(20), () => "no line");
        Assert.StartsWith("egress verdict=untrusted ", Assert.Single(egress.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_interception_with_another_name_in_the_handshake_and_for_other_protocols_nothing_is_ended()
    {
        await using var host = Host(async (stream, _) => await stream.WriteAsync("x"u8.ToArray()));
        await using var raw = new HostUnderTest(
            async client => await client.SendTextAsync((await client.ReadTextAsync(4)).ToUpperInvariant()));
        await using var egress = Egress();
        var secret = Secret($"a.test:{host.Port}", $"a.test:{raw.Port}");
        var (_, proxy) = egress.Open([secret], $"a.test:{host.Port}", $"a.test:{raw.Port}");
        await Assert.ThrowsAnyAsync<AuthenticationException>(() => ConnectAsync(proxy, host.Port, sni: "b.test"));

        using var plain = await EgressUnderTest.ConnectAsync(proxy, $"CONNECT a.test:{raw.Port} HTTP/1.1||ehlo");
        Assert.Equal("HTTP/1.1 200 Connection established\r\n\r\n", await plain.ReadHeadAsync());
        Assert.Equal("EHLO", await plain.ReadTextAsync(4));

        await using var without = new EgressUnderTest();
        without.Name("a.test", ["127.0.0.1"]);
        var (_, straight) = without.Open([secret], $"a.test:{host.Port}");
        await using var client = await ConnectAsync(straight, host.Port, trusts: _certificate);
        Assert.Equal("CN=127.0.0.1", client.RemoteCertificate!.Issuer);
    }

    private EgressUnderTest Egress() => Egress([_certificate]);

    private EgressUnderTest Egress(X509Certificate2Collection? roots)
    {
        var egress = new EgressUnderTest(EgressUnderTest.Options with { Authority = _authority }, roots);
        foreach (var name in (string[])["a.test", "b.test", "c.test"])
        {
            egress.Name(name, ["127.0.0.1"]);
        }

        return egress;
    }

    private static SealedSecret Secret(params string[] hosts) =>
        SealedSecret.Create("KEY", EgressRules.Parse(hosts), "s3cret v"u8.ToArray());

    private SocketsHttpHandler Handler(IPEndPoint proxy)
    {
        var handler = new SocketsHttpHandler { Proxy = new WebProxy($"http://{proxy}") };
        handler.SslOptions.CertificateChainPolicy = Trusting(X509Certificate2.CreateFromPem(_authority.Pem));
        return handler;
    }

    private async Task<SslStream> ConnectAsync(
        IPEndPoint proxy, int port, string name = "a.test", string? sni = null, X509Certificate2? trusts = null)
    {
        var socket = await EgressUnderTest.ConnectAsync(proxy, $"CONNECT {name}:{port} HTTP/1.1||");
        Assert.StartsWith("HTTP/1.1 200 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = sni ?? name,
            CertificateChainPolicy = Trusting(trusts ?? X509Certificate2.CreateFromPem(_authority.Pem)),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        });
        return stream;
    }

    private static X509ChainPolicy Trusting(X509Certificate2 root)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        return policy;
    }

    // A host with TLS. Its second argument reads a request with its body; an empty text: the client sends no more.
    private HostUnderTest Host(Func<SslStream, Func<Task<string>>, Task> serve, X509Certificate2? certificate = null) => new(async client =>
    {
        await using var stream = new SslStream(new NetworkStream(client, ownsSocket: false));
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate ?? _certificate, null, offline: true),
            });
            await serve(stream, () => ReadRequestAsync(stream));
            await stream.ShutdownAsync();
        }
        catch (Exception gone) when (gone is IOException or AuthenticationException)
        {
            // The proxy does not trust this host, or has left.
        }
    });

    private static async Task<string> ReadRequestAsync(Stream stream)
    {
        var head = await ReadHeadAsync(stream);
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            return head + await ReadUntilAsync(stream, "0\r\n\r\n");
        }

        return head.Contains("Content-Length: 5", StringComparison.Ordinal) ? head + await ReadUntilAsync(stream, "hello") : head;
    }

    private static Task<string> ReadHeadAsync(Stream stream) => ReadUntilAsync(stream, "\r\n\r\n");

    private static Task<string> ReadAllAsync(Stream stream) => ReadUntilAsync(stream, "\0");

    private static async Task<string> ReadUntilAsync(Stream stream, string end)
    {
        var (text, one) = ("", new byte[1]);
        while (!text.EndsWith(end, StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
        {
            text += (char)one[0];
        }

        return text;
    }
}
