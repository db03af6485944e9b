using System.Net;
using System.Net.Sockets;
using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class EgressRefusalTests
{
    [Fact]
    public async Task A_host_that_no_rule_permits_is_refused_in_words_that_name_the_rules()
    {
        await using var egress = new EgressUnderTest();
        var (door, proxy) = egress.Open("api.example.com:443");
        const string text = "faas.network: 'evil.test:443' is not in the version's network.allow (api.example.com:443)";

        Assert.Equal(
            $"HTTP/1.1 403 {text}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {text.Length + 1}\r\n"
                + $"Connection: close\r\n\r\n{text}\n",
            await EgressUnderTest.AskAsync(proxy, "CONNECT evil.test:443 HTTP/1.0||"));

        Assert.StartsWith("HTTP/1.1 403 ", await EgressUnderTest.AskAsync(proxy, "CONNECT api.example.com:80 HTTP/1.1||"), StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", await EgressUnderTest.AskAsync(proxy, "HEAD http://evil.test/ HTTP/1.1||"), StringComparison.Ordinal);
        door.Admit(new EgressGrant(null, null, null, EgressRules.None), keepsConnections: false);
        Assert.Contains(
            "is not in the call's network.allow (which is empty)",
            await EgressUnderTest.AskAsync(proxy, "GET http://api.example.com/ HTTP/1.1||"),
            StringComparison.Ordinal);
        Assert.Empty(egress.Asked);
        await Eventually.HoldsAsync(() => egress.Lines.Count == 4, TimeSpan.FromSeconds(10), () => "no lines");
        Assert.All(egress.Lines, line => Assert.StartsWith("egress verdict=denied ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_refused_client_still_sends_counts_as_nothing_that_went_to_a_host()
    {
        await using var egress = new EgressUnderTest();
        var (door, proxy) = egress.Open("api.example.com:443");
        using (var client = await EgressUnderTest.ConnectAsync(proxy, "CONNECT evil.test:443 HTTP/1.1||"))
        {
            await client.ReadHeadAsync();
            await client.SendTextAsync("a secret");
            client.Shutdown(SocketShutdown.Send);
            await client.ReadToEndAsync();
            await Eventually.HoldsAsync(() => !egress.Lines.IsEmpty, TimeSpan.FromSeconds(10), () => "no line");
        }

        Assert.Contains(" up=0 down=0 ", Assert.Single(egress.Lines), StringComparison.Ordinal);
        Assert.Equal(new EgressUse(0, 0, 1, 1), door.Use);
    }

    [Fact]
    public async Task A_connection_that_reached_no_host_is_not_told_as_allowed()
    {
        await using var egress = new EgressUnderTest();
        var (door, proxy) = egress.Open("silent.test");
        (await EgressUnderTest.ConnectAsync(proxy, "")).Dispose();
        await Eventually.HoldsAsync(() => egress.Lines.Count == 1, TimeSpan.FromSeconds(10), () => "no line of a client without a word");
        using var client = await EgressUnderTest.ConnectAsync(proxy, "CONNECT silent.test:443 HTTP/1.1||");
        await Eventually.HoldsAsync(() => egress.Asked.Count == 1, TimeSpan.FromSeconds(10), () => "the name was not asked for");

        door.Admit(new EgressGrant(null, null, null, EgressRules.None), keepsConnections: false);

        Assert.Equal("", await client.ReadToEndAsync());
        await Eventually.HoldsAsync(() => egress.Lines.Count == 2, TimeSpan.FromSeconds(10), () => "no line of the one that was dialling");
        Assert.All(egress.Lines, line => Assert.StartsWith("egress verdict=abandoned ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_has_lines_for_its_first_refusals_and_one_line_for_the_further_ones()
    {
        const int further = 3;
        await using var egress = new EgressUnderTest();
        var (door, proxy) = egress.Open("a.test");
        for (var count = 0; count < EgressAccount.MostListed + further; count++)
        {
            using var client = await EgressUnderTest.ConnectAsync(proxy, "GET / HTTP/1.1||");
            Assert.Equal("H", await client.ReadTextAsync(1));
        }

        await Eventually.HoldsAsync(
            () => door.Use.Refused == EgressAccount.MostListed + further, TimeSpan.FromSeconds(10), () => $"{door.Use}");
        await door.DisposeAsync();

        Assert.Equal(EgressAccount.MostListed + 1, egress.Lines.Count);
        Assert.StartsWith(
            $"egress unlisted={further} script=team/fetch version=7 call=call-1 ", egress.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_sentence_is_cut_in_the_status_line_and_whole_in_the_body()
    {
        var text = new string('a', 400);
        var reply = System.Text.Encoding.ASCII.GetString(new EgressRefusal(EgressVerdict.Denied, 403, text).ToReply());
        Assert.StartsWith($"HTTP/1.1 403 {text[..297]}...\r\n", reply, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\n{text}\n", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sandbox_without_a_run_reaches_nothing_and_each_sandbox_has_its_own_rules()
    {
        await using var host = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK|Content-Length: 2||ok"));
        await using var egress = new EgressUnderTest();
        egress.Name("one.test", ["127.0.0.1"]);
        egress.Name("two.test", ["127.0.0.1"]);
        var (_, shut) = egress.OpenShut();
        var (_, one) = egress.Open($"one.test:{host.Port}");
        var (_, two) = egress.Open($"two.test:{host.Port}");

        async Task<string> StatusAsync(IPEndPoint proxy, string name) =>
            (await EgressUnderTest.AskAsync(proxy, $"GET http://{name}:{host.Port}/ HTTP/1.1||"))[9..12];

        Assert.Equal(
            ["403", "200", "403", "403", "200"],
            [
                await StatusAsync(shut, "one.test"), await StatusAsync(one, "one.test"), await StatusAsync(one, "two.test"),
                await StatusAsync(two, "one.test"), await StatusAsync(two, "two.test"),
            ]);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_when_asked_again_is_asked_once_and_every_address_is_judged()
    {
        await using var right = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||right"), "127.0.0.2");
        await using var wrong = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||wrong"), "127.0.0.3", right.Port);
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with { Addresses = [AddressRange.Parse("127.0.0.2/32")] });
        egress.Name("rebinds.test", ["127.0.0.2"], ["127.0.0.3"], ["127.0.0.2", "127.0.0.3"], ["127.0.0.2", "::ffff:127.0.0.2"]);
        var (_, proxy) = egress.Open($"rebinds.test:{right.Port}");

        var replies = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            replies.Add(await EgressUnderTest.AskAsync(proxy, $"GET http://rebinds.test:{right.Port}/ HTTP/1.1||"));
            Assert.Equal(i + 1, egress.Asked.Count);
        }

        Assert.EndsWith("right", replies[0], StringComparison.Ordinal);
        Assert.All(replies.Skip(1), reply => Assert.StartsWith(
            "HTTP/1.1 403 faas.network: 'rebinds.test' leads to an address that is ", reply, StringComparison.Ordinal));
        Assert.Equal((1, 0), (right.Connections, wrong.Connections));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("017700000001")]
    [InlineData("127.0.0.1.")]
    [InlineData("0")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("169.254.169.254")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("LOCALHOST.")]
    public async Task A_private_address_is_refused_in_every_spelling_even_if_a_rule_names_it(string name)
    {
        await using var host = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||wrong"));
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with { Addresses = [] });
        egress.Name("localhost", ["127.0.0.1", "::1"]);
        var (_, proxy) = egress.Open($"{name}:{host.Port}");

        foreach (var request in new[] { $"CONNECT {name}:{host.Port} HTTP/1.1||", $"GET http://{name}:{host.Port}/ HTTP/1.1||" })
        {
            Assert.Matches("^HTTP/1.1 403 faas.network: '.*' leads to an address that is ", await EgressUnderTest.AskAsync(proxy, request));
        }

        Assert.Equal(0, host.Connections);
    }

    [Fact]
    public async Task The_servers_own_port_is_out_of_reach_even_if_loopback_is_named()
    {
        await using var server = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||wrong"));
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with
        {
            Addresses = [AddressRange.Parse("127.0.0.0/8"), AddressRange.Parse("0.0.0.0/8"), AddressRange.Parse("::ffff:0:0/96")],
        });
        egress.Server.Set([server.Port]);
        var (_, proxy) = egress.Open($"127.0.0.1:{server.Port}", $"127.0.0.9:{server.Port}", $"0:{server.Port}", $"[::ffff:127.0.0.1]:{server.Port}");

        foreach (var name in new[] { "127.0.0.1", "127.0.0.9", "0", "[::ffff:127.0.0.1]" })
        {
            Assert.Contains(
                "leads to this server itself", await EgressUnderTest.AskAsync(proxy, $"CONNECT {name}:{server.Port} HTTP/1.1||"), StringComparison.Ordinal);
        }

        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("\u0005\u0001\0", "400 faas.network: this is a proxy that speaks HTTP")]
    [InlineData("\u0004\u0001\0P\u007f\0\0\u0001\0", "400 faas.network: this is a proxy that speaks HTTP")]
    [InlineData("\u0016\u0003\u0001", "400 faas.network: this is a proxy that speaks HTTP")]
    [InlineData("GET / HTTP/1.1|Host: a.test||", "400 faas.network: the request has no http:// URL; this is a proxy")]
    [InlineData("CONNECT a.test\0.evil.test:443 HTTP/1.1||", "400 faas.network: the request has a control character in its first line")]
    [InlineData("CONNECT a.test:443 HTTP/1.1|Host: evil.test||", "400 faas.network: the Host header of the request names another host")]
    [InlineData("POST http://a.test/ HTTP/1.1|Content-Length: 1|Transfer-Encoding: chunked||0||", "400 faas.network: the request has more than one")]
    public async Task What_is_no_sound_request_is_told_so(string request, string reply)
    {
        await using var egress = new EgressUnderTest();
        var (door, proxy) = egress.Open("a.test");

        Assert.StartsWith($"HTTP/1.1 {reply}", await EgressUnderTest.AskAsync(proxy, request), StringComparison.Ordinal);

        await Eventually.HoldsAsync(() => door.Use.Refused == 1, TimeSpan.FromSeconds(10), () => "not counted");
        Assert.Empty(egress.Asked);
    }

    [Theory]
    [InlineData("CONNECT a.test:443 HTTP/1.1|Host: evil.test||", "host=a.test port=443 address=- ")]
    [InlineData("GET http://a.test:81/ HTTP/1.1|Host: evil.test||", "host=a.test port=81 address=- ")]
    [InlineData("GET / HTTP/1.1|Host: evil.test||", "host=- port=0 address=- ")]
    public async Task The_audit_has_the_host_and_port_that_an_unsound_request_asks_for(string request, string line)
    {
        await using var egress = new EgressUnderTest();
        var (_, proxy) = egress.Open("a.test");
        await EgressUnderTest.AskAsync(proxy, request);
        await Eventually.HoldsAsync(() => egress.Lines.Count == 1, TimeSpan.FromSeconds(10), () => "no line");
        Assert.StartsWith($"egress verdict=malformed {line}", Assert.Single(egress.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_is_too_long_is_refused()
    {
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with { MostHeadBytes = 1024 });
        var (_, proxy) = egress.Open("a.test");

        Assert.StartsWith(
            "HTTP/1.1 431 ",
            await EgressUnderTest.AskAsync(proxy, $"GET http://a.test/ HTTP/1.1|X-A: {new string('a', 3000)}||"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_found_or_not_there_is_told_apart_from_a_refusal()
    {
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        egress.Name("unknown.test");
        egress.Name("closed.test", ["127.0.0.1"]);
        int closed;
        using (var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            closed = ((IPEndPoint)listener.LocalEndPoint!).Port; // bound and not listening: nothing else takes it

            var (_, proxy) = egress.Open("unknown.test", "silent.test", $"closed.test:{closed}");

            Assert.StartsWith(
                "HTTP/1.1 502 faas.network: 'unknown.test' has no address (HostNotFound).",
                await EgressUnderTest.AskAsync(proxy, "CONNECT unknown.test:443 HTTP/1.1||"),
                StringComparison.Ordinal);
            Assert.StartsWith(
                "HTTP/1.1 504 faas.network: 'silent.test' was not resolved in time.",
                await EgressUnderTest.AskAsync(proxy, "GET http://silent.test/ HTTP/1.1||"),
                StringComparison.Ordinal);
            Assert.StartsWith(
                $"HTTP/1.1 502 faas.network: 'closed.test:{closed}' accepted no connection (ConnectionRefused).",
                await EgressUnderTest.AskAsync(proxy, $"CONNECT closed.test:{closed} HTTP/1.1||"),
                StringComparison.Ordinal);
        }
    }
}
