using System.Collections.Concurrent;
using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Xunit;

namespace Faas.Actors.Tests.Egress;

/// <summary>Sealed secrets in requests over plain HTTP.</summary>
public sealed class EgressSealedTests
{
    [Fact]
    public async Task The_value_goes_to_the_host_that_the_secret_is_bound_to_and_to_no_other()
    {
        var heads = new ConcurrentQueue<string>();
        await using var host = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||", heads));
        await using var egress = Named(out var allow, host.Port);
        var secret = SealedSecret.Create("KEY", EgressRules.Parse([$"a.test:{host.Port}"]), "s3cret/value"u8.ToArray());
        var (_, proxy) = egress.Open([secret], allow);

        await EgressUnderTest.AskAsync(
            proxy, $"GET http://a.test:{host.Port}/?k={secret.Placeholder} HTTP/1.1|Authorization: Bearer {secret.Placeholder}||");
        await EgressUnderTest.AskAsync(proxy, $"GET http://b.test:{host.Port}/ HTTP/1.1|Authorization: Bearer {secret.Placeholder}||");
        await EgressUnderTest.AskAsync(proxy, $"GET http://a.test:{host.Port}/ HTTP/1.1|X: {SealedSecret.Mark}{new string('0', 32)}||");

        Assert.Equal(
            [
                $"GET /?k=s3cret%2Fvalue HTTP/1.1\r\nHost: a.test:{host.Port}\r\nAuthorization: Bearer s3cret/value\r\nConnection: close\r\n\r\n",
                $"GET / HTTP/1.1\r\nHost: b.test:{host.Port}\r\nAuthorization: Bearer {secret.Placeholder}\r\nConnection: close\r\n\r\n",
                $"GET / HTTP/1.1\r\nHost: a.test:{host.Port}\r\nX: {SealedSecret.Mark}{new string('0', 32)}\r\nConnection: close\r\n\r\n",
            ],
            heads);
        await Eventually.HoldsAsync(() => egress.Lines.Count == 3, TimeSpan.FromSeconds(20), () => "a line is missing");
        Assert.Single(egress.Lines, line => line.Contains("host=a.test ", StringComparison.Ordinal) && Has(line, "secrets=KEY withheld=-"));
        Assert.Single(egress.Lines, line => line.Contains("host=b.test ", StringComparison.Ordinal) && Has(line, "secrets=- withheld=KEY"));
        Assert.Single(egress.Lines, line => Has(line, "secrets=- withheld=-"));
        Assert.DoesNotContain(egress.Lines, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_that_is_bound_to_port_443_is_never_sent_in_clear_text()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return; // port 443 is for root
        }

        var heads = new ConcurrentQueue<string>();
        await using var host = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||", heads), "127.0.44.3", 443);
        await using var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.44.3"]);
        var secret = SealedSecret.Create("KEY", EgressRules.Parse(["a.test:443"]), "s3cret"u8.ToArray());
        var (_, proxy) = egress.Open([secret], "a.test:443");

        await EgressUnderTest.AskAsync(proxy, $"GET http://a.test:443/?k={secret.Placeholder} HTTP/1.1||");

        Assert.Contains(secret.Placeholder, Assert.Single(heads), StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => egress.Lines.Count == 1, TimeSpan.FromSeconds(20), () => "a line is missing");
        Assert.Single(egress.Lines, line => Has(line, "secrets=- withheld=KEY"));
    }

    [Fact]
    public async Task A_redirect_that_copies_the_request_comes_back_with_placeholders_and_trace_reaches_no_host()
    {
        await using var host = new HostUnderTest(HostUnderTest.Replies(
            "HTTP/1.1 302 to s3cret/v+\u00c3\u00a4|Location: https://a.test/?k=s3cret%2Fv%2B%C3%A4&l=s3cret%2fv%2b%c3%a4|Content-Length: 12345678||"));
        await using var egress = Named(out var allow, host.Port);
        var hosts = EgressRules.Parse([$"a.test:{host.Port}"]);
        var secret = SealedSecret.Create("KEY", hosts, "s3cret/v+\u00e4"u8.ToArray());
        var digits = SealedSecret.Create("N", hosts, "12345678"u8.ToArray());
        var (_, proxy) = egress.Open([secret, digits], allow);

        var reply = await EgressUnderTest.AskAsync(proxy, $"GET http://a.test:{host.Port}/?k={secret.Placeholder} HTTP/1.1||");
        Assert.Equal(
            $"HTTP/1.1 302 to {secret.Placeholder}|Location: https://a.test/?k={secret.Placeholder}&l={secret.Placeholder}|"
                + "Content-Length: 12345678|Connection: close||",
            reply.Replace("\r\n", "|", StringComparison.Ordinal));
        Assert.Equal(1, host.Connections);

        foreach (var method in (string[])["TRACE", "trace"])
        {
            var refused = await EgressUnderTest.AskAsync(proxy, $"{method} http://a.test:{host.Port}/ HTTP/1.1|X: {secret.Placeholder}||");
            Assert.StartsWith("HTTP/1.1 400 faas.network: the reply to TRACE is the request itself", refused, StringComparison.Ordinal);
        }

        await Eventually.HoldsAsync(() => egress.Lines.Count == 3, TimeSpan.FromSeconds(20), () => "a line is missing");
        Assert.Equal(2, egress.Lines.Count(line => Has(line, "secrets=- withheld=-")));
    }

    [Fact]
    public async Task A_value_with_a_line_break_reaches_no_host_and_the_script_is_told()
    {
        await using var host = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||"));
        await using var egress = Named(out var allow, host.Port);
        var secret = SealedSecret.Create("KEY", EgressRules.Parse(allow), "s3cret\r\nX-Evil: 1"u8.ToArray());
        var (_, proxy) = egress.Open([secret], allow);

        var reply = await EgressUnderTest.AskAsync(proxy, $"GET http://a.test:{host.Port}/ HTTP/1.1|A: {secret.Placeholder}||");

        Assert.StartsWith(
            "HTTP/1.1 400 faas.network: the value of the secret \"KEY\" has a line break", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Placeholders_of_runs_at_once_are_worth_something_until_each_run_is_over()
    {
        var heads = new ConcurrentQueue<string>();
        await using var host = new HostUnderTest(HostUnderTest.Replies("HTTP/1.1 200 OK||", heads));
        await using var egress = Named(out var allow, host.Port);
        var hosts = EgressRules.Parse(allow);
        SealedSecret[] runs = [.. "xyz".Select(value => SealedSecret.Create("KEY", hosts, [(byte)value]))];
        var (door, proxy) = egress.Open([runs[0]], allow);
        door.Extend([runs[1]]);
        Assert.Equal("xy.", await SeenAsync());
        door.Forget([runs[0]]);
        Assert.Equal(".y.", await SeenAsync());
        door.Admit(new EgressGrant(null, null, null, EgressRules.Parse(allow)) { Sealed = [runs[2]] }, keepsConnections: true);
        Assert.Equal("..z", await SeenAsync());

        async Task<string> SeenAsync()
        {
            heads.Clear();
            await EgressUnderTest.AskAsync(
                proxy, $"GET http://a.test:{host.Port}/ HTTP/1.1|{string.Concat(runs.Select(run => $"X: {run.Placeholder}|"))}|");
            var values = Assert.Single(heads).Split("\r\n").Where(line => line.StartsWith("X: ", StringComparison.Ordinal));
            return string.Concat(values.Select(line => line.Length == 4 ? line[3] : '.'));
        }
    }

    private static bool Has(string line, string fields) => line.Contains($" {fields} ", StringComparison.Ordinal);

    private static EgressUnderTest Named(out string[] allow, int port)
    {
        var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.0.1"]);
        egress.Name("b.test", ["127.0.0.1"]);
        allow = [$"a.test:{port}", $"b.test:{port}"];
        return egress;
    }
}
