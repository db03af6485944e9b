using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class EgressLimitTests
{
    [Fact]
    public async Task A_run_sends_and_receives_so_many_bytes_and_the_next_run_begins_anew()
    {
        await using var host = new HostUnderTest(async client =>
        {
            while (await client.ReadTextAsync(10) is { Length: 10 } text)
            {
                await client.SendTextAsync(text);
            }
        });
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with { MostBytes = 50 });
        egress.Name("a.test", ["127.0.0.1"]);
        var (door, proxy) = egress.Open($"a.test:{host.Port}");
        var connect = $"CONNECT a.test:{host.Port} HTTP/1.1||";
        using (var client = await EgressUnderTest.ConnectAsync(proxy, connect))
        {
            await client.ReadHeadAsync();
            await client.SendTextAsync("0123456789");
            Assert.Equal("0123456789", await client.ReadTextAsync(10));
            await client.SendTextAsync("0123456789012345678901234567890123456789");
            Assert.True((await client.ReadToEndAsync()).Length <= 30);
        }

        Assert.Contains("(faas.network.max-bytes)", await EgressUnderTest.AskAsync(proxy, connect), StringComparison.Ordinal);
        Assert.InRange(door.Use.BytesUp + door.Use.BytesDown, 50, 100);

        door.Extend([]);
        Assert.True(door.Use.BytesUp > 0);
        using (var further = await EgressUnderTest.ConnectAsync(proxy, connect))
        {
            Assert.StartsWith("HTTP/1.1 200 ", await further.ReadHeadAsync(), StringComparison.Ordinal);
        }

        door.Admit(new EgressGrant(null, null, null, EgressRules.Parse([$"a.test:{host.Port}"])), keepsConnections: true);
        Assert.Equal(default, door.Use);
        using var next = await EgressUnderTest.ConnectAsync(proxy, connect);
        Assert.StartsWith("HTTP/1.1 200 ", await next.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_ends_the_connections_of_the_run_before_unless_they_share_a_process_and_rules(bool shared)
    {
        await using var host = new HostUnderTest(async client =>
        {
            await client.SendTextAsync(await client.ReadTextAsync(10));
            await client.ReadToEndAsync();
        });
        await using var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.0.1"]);
        var rule = $"a.test:{host.Port}";
        var (door, proxy) = egress.Open(rule);
        using var client = await EgressUnderTest.ConnectAsync(proxy, $"CONNECT {rule} HTTP/1.1||");
        await client.ReadHeadAsync();

        door.Admit(new EgressGrant("team/fetch", 7, "call-2", EgressRules.Parse([rule])), keepsConnections: shared);
        if (shared)
        {
            await client.SendTextAsync("still here");
            Assert.Equal("still here", await client.ReadTextAsync(10));
            door.Admit(new EgressGrant(null, null, null, EgressRules.None), keepsConnections: true);
        }

        Assert.Equal("", await client.ReadToEndAsync());
        await Eventually.HoldsAsync(() => !egress.Lines.IsEmpty, TimeSpan.FromSeconds(10), () => "no line");
        var count = shared ? 10 : 0;
        Assert.Contains($" call=call-1 up={count} down={count} ", Assert.Single(egress.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 100, "max-connections-per-sandbox")]
    [InlineData(100, 2, "max-connections")]
    public async Task There_are_so_many_connections_at_once(int ofSandbox, int ofAll, string setting)
    {
        await using var host = new HostUnderTest(client => client.ReadToEndAsync());
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with
        {
            MostConnectionsOfSandbox = ofSandbox,
            MostConnections = ofAll,
        });
        egress.Name("a.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"a.test:{host.Port}");
        var connect = $"CONNECT a.test:{host.Port} HTTP/1.1||";
        var first = await EgressUnderTest.ConnectAsync(proxy, connect);
        await first.ReadHeadAsync();
        using var second = await EgressUnderTest.ConnectAsync(proxy, connect);
        await second.ReadHeadAsync();

        Assert.StartsWith(
            $"HTTP/1.1 503 faas.network: 2 connections are open already (faas.network.{setting}).",
            await EgressUnderTest.AskAsync(proxy, connect),
            StringComparison.Ordinal);

        first.Dispose();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var client = await EgressUnderTest.ConnectAsync(proxy, connect);
                return (await client.ReadHeadAsync()).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(10),
            () => "the place was not given back");
    }

    [Fact]
    public async Task A_host_that_is_dialled_for_longer_than_a_connection_may_be_idle_is_told_as_not_reached()
    {
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with
        {
            IdleTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(3),
        });
        var (_, proxy) = egress.Open("silent.test");

        Assert.StartsWith(
            "HTTP/1.1 504 faas.network: 'silent.test' was not resolved in time.",
            await EgressUnderTest.AskAsync(proxy, "CONNECT silent.test:443 HTTP/1.1||"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("CONNECT a.test:PORT HTTP/1.1||", true)]
    [InlineData("CONNECT a.test:PORT HTTP/1.1||", false)]
    [InlineData("GET http://a.test:PORT/ HTTP/1.1||", true)]
    public async Task A_connection_that_is_idle_or_open_for_too_long_is_ended(string request, bool isIdle)
    {
        await using var host = new HostUnderTest(client => client.ReadToEndAsync());
        var (soon, late) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromHours(1));
        await using var egress = new EgressUnderTest(EgressUnderTest.Options with
        {
            IdleTimeout = isIdle ? soon : late,
            MostTime = isIdle ? late : soon,
        });
        egress.Name("a.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"a.test:{host.Port}");
        using var client = await EgressUnderTest.ConnectAsync(proxy, request.Replace("PORT", $"{host.Port}", StringComparison.Ordinal));

        await client.ReadToEndAsync();

        await Eventually.HoldsAsync(() => !egress.Lines.IsEmpty, TimeSpan.FromSeconds(10), () => "no line");
        Assert.StartsWith("egress verdict=limit ", Assert.Single(egress.Lines), StringComparison.Ordinal);
        Assert.EndsWith(
            isIdle ? "idle for too long (faas.network.idle-timeout)." : "open for too long (faas.network.max-time).",
            Assert.Single(egress.Lines),
            StringComparison.Ordinal);
    }
}
