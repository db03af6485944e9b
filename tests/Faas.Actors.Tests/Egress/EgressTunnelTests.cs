using System.Net.Sockets;
using System.Security.Cryptography;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class EgressTunnelTests
{
    private const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";
    private const string UnrecognizedName = "\u0015\u0003\u0003\0\u0002\u0002\u0070";

    [Fact]
    public async Task The_host_may_speak_first_and_either_side_may_end_first()
    {
        await using var host = new HostUnderTest(async client =>
        {
            await client.SendTextAsync("220 ready\r\n");
            var all = await client.ReadToEndAsync();
            await client.SendTextAsync($"got {all}");
        });
        await using var egress = new EgressUnderTest();
        egress.Name("mail.test", ["127.0.0.1"]);
        var (door, proxy) = egress.Open($"mail.test:{host.Port}");
        using var client = await EgressUnderTest.ConnectAsync(proxy, $"CONNECT mail.test:{host.Port} HTTP/1.0||");

        Assert.Equal(Established + "220 ready\r\n", await client.ReadTextAsync(Established.Length + 11));
        await client.SendTextAsync("EHLO a\r\n");
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("got EHLO a\r\n", await client.ReadToEndAsync());

        await Eventually.HoldsAsync(() => !egress.Lines.IsEmpty, TimeSpan.FromSeconds(10), () => "no line in the audit");
        Assert.Matches(
            $"^egress verdict=allowed host=mail.test port={host.Port} address=127.0.0.1 rule=mail.test:{host.Port} script=team/fetch "
                + @"version=7 call=call-1 up=8 down=23 duration=\d+\.\d{6} secrets=- withheld=- reason=-$",
            Assert.Single(egress.Lines));
        Assert.Equal(new Faas.Actors.Egress.EgressUse(8, 23, 1, 0), door.Use);
    }

    [Fact]
    public async Task Tls_must_name_the_host_of_the_tunnel()
    {
        await using var host = new HostUnderTest(async client => await client.SendTextAsync($"{(await client.ReadToEndAsync()).Length}"));
        await using var egress = new EgressUnderTest();
        egress.Name("good.test", ["127.0.0.1"]);
        var (_, proxy) = egress.Open($"good.test:{host.Port}", $"127.0.0.1:{host.Port}");

        async Task<string> SayAsync(string name, params byte[][] parts)
        {
            using var client = await EgressUnderTest.ConnectAsync(proxy, $"CONNECT {name}:{host.Port} HTTP/1.1||");
            client.NoDelay = true;
            Assert.Equal(Established, await client.ReadHeadAsync());
            foreach (var part in parts)
            {
                await client.SendAsync(part);
            }

            client.Shutdown(SocketShutdown.Send);
            return await client.ReadToEndAsync();
        }

        var right = Hellos.Of("GOOD.test", 7);
        Assert.Equal($"{right.Length}", await SayAsync("good.test", [.. right.Chunk(60)]));
        Assert.Equal($"{Hellos.Of(null).Length}", await SayAsync("127.0.0.1", Hellos.Of(null)));
        var connections = host.Connections;
        Assert.Equal(2, connections);

        Assert.Equal(UnrecognizedName, await SayAsync("good.test", Hellos.Of("evil.test")));
        Assert.Equal(UnrecognizedName, await SayAsync("good.test", [.. Hellos.Of("evil.test", 1).Chunk(60)]));
        Assert.Equal(UnrecognizedName, await SayAsync("good.test", Hellos.Of("good.test\0.evil.test")));
        Assert.Equal(UnrecognizedName, await SayAsync("good.test", Hellos.Of(null)));
        Assert.Equal(UnrecognizedName, await SayAsync("good.test", Hellos.Of("good.test")[..20]));
        Assert.Equal(UnrecognizedName, await SayAsync("127.0.0.1", Hellos.Of("evil.test")));
        Assert.Equal(UnrecognizedName, await SayAsync("good.test", Hellos.With(Hellos.Sni("good.test"), Hellos.Sni("evil.test"))));

        Assert.Equal(UnrecognizedName, await SayAsync("good.test", [0x80, 46, 1, 3, 1, 0, 21, 0, 0, 0, 16]));
        Assert.Equal(UnrecognizedName, await SayAsync("good.test", [20, 3, 3, 0, 1, 1, .. Hellos.Of("evil.test")]));

        await Eventually.HoldsAsync(() => egress.Lines.Count == 11, TimeSpan.FromSeconds(10), () => $"{egress.Lines.Count} lines");
        var refused = egress.Lines.Where(line => line.StartsWith("egress verdict=mismatch ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(9, refused.Length);
        Assert.All(refused, line => Assert.Contains(" up=0 down=0 ", line, StringComparison.Ordinal));
        Assert.Contains(refused, line => line.EndsWith("to 'good.test' names 'evil.test'.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_byte_arrives_and_a_client_that_does_not_read_holds_the_host_back()
    {
        const int size = 64 << 20;
        const long mostBetween = 32 << 20; // what the sockets' own buffers may hold
        var sent = RandomNumberGenerator.GetBytes(size);
        await using var host = new HostUnderTest(async client =>
        {
            for (var at = 0; at < size;)
            {
                at += await client.SendAsync(sent.AsMemory(at, Math.Min(1 << 20, size - at)));
            }
        });
        await using var egress = new EgressUnderTest();
        egress.Name("big.test", ["127.0.0.1"]);
        var (door, proxy) = egress.Open($"big.test:{host.Port}");
        using var client = await EgressUnderTest.ConnectAsync(proxy, $"CONNECT big.test:{host.Port} HTTP/1.1||");
        await client.ReadHeadAsync();

        var got = new byte[size];
        var length = 0;
        while (await client.ReceiveAsync(got.AsMemory(length, Math.Min(1 << 16, size - length))) is var count and > 0)
        {
            length += count;
            Assert.InRange(door.Use.BytesDown, length, length + mostBetween);
        }

        Assert.Equal(size, length);
        Assert.True(got.AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task A_door_that_is_disposed_of_ends_its_connections_and_accepts_none()
    {
        await using var host = new HostUnderTest(client => client.ReadToEndAsync());
        await using var egress = new EgressUnderTest();
        egress.Name("a.test", ["127.0.0.1"]);
        var (door, proxy) = egress.Open($"a.test:{host.Port}");
        using var client = await EgressUnderTest.ConnectAsync(proxy, $"CONNECT a.test:{host.Port} HTTP/1.1||");
        await client.ReadHeadAsync();
        using var silent = await EgressUnderTest.ConnectAsync(proxy, "");

        await door.DisposeAsync();

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.Equal("", await silent.ReadToEndAsync());
        await Assert.ThrowsAsync<SocketException>(() => EgressUnderTest.ConnectAsync(proxy, ""));
    }
}
