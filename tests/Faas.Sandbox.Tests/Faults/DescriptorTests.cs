using System.Net;
using System.Net.Sockets;
using Xunit.Abstractions;
using DescriptorBudget = Faas.Http.Server.Connections.DescriptorBudget;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>The server may have as few descriptors as it starts with (RLIMIT_NOFILE, <c>ulimit -n</c>), and clients want more.</summary>
[TestLimit(300)]
public sealed class DescriptorTests(ITestOutputHelper output)
{
    private const int Clients = 500;
    private const int Floods = 3;

    [Fact]
    public async Task Five_hundred_clients_get_the_connections_there_are_and_take_nothing_that_the_server_needs()
    {
        await using var server = await FaasServer.StartWithDescriptorsAsync(Least(4), "faas.pool { running = 4, sandboxes = 4 }");
        Assert.Contains($"Faas serves {DescriptorBudget.FewestConnections} connections at once", server.Log, StringComparison.Ordinal);
        await server.UploadAsync("kept", "python", "return 'kept'");
        await using (var watch = new DescriptorWatch(server.Pid))
        {
            for (var flood = 0; flood < Floods; flood++)
            {
                var clients = Enumerable.Range(0, Clients).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
                try
                {
                    await Task.WhenAll(clients.Select(client => client.ConnectAsync(IPAddress.Loopback, server.Address.Port)));
                    var answers = await Task.WhenAll(clients.Select(IsAnsweredAsync));

                    // One connection is the test's own; it may have been closed and its place taken.
                    Assert.InRange(
                        answers.Count(isAnswered => isAnswered),
                        DescriptorBudget.FewestConnections - 1,
                        DescriptorBudget.FewestConnections);

                    // Who has a connection is served while the others are there, from an upload to a new sandbox.
                    Assert.True(await server.UploadAsync($"new/{flood}", "javascript", $"return {flood}") > 0);
                    Assert.Equal($"{flood}", (await server.RunAsync($"new/{flood}")).Data);
                }
                finally
                {
                    clients.ForEach(client => client.Dispose());
                }
            }

            output.WriteLine($"at most {await watch.MostAsync()} of {Least(4)} descriptors");
            Assert.InRange(await watch.MostAsync(), 0, Least(4) - 1);
        }

        using var fresh = new HttpClient { BaseAddress = server.Address };
        await Eventually.HoldsAsync(() => IsServedAsync(fresh), TimeSpan.FromSeconds(5), () => $"it has not come back\n{server.Log}");
        Assert.Equal("\"kept\"", (await server.RunAsync("kept")).Data);
        Assert.DoesNotContain("Too many open files", server.Log, StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    public async Task What_is_set_aside_is_enough_for_a_full_pool()
    {
        const int Size = 10;
        await using var server = await FaasServer.StartWithDescriptorsAsync(
            Least(Size), $"faas.pool {{ running = {Size}, sandboxes = {Size}, queue-timeout = 2m }}\nfaas.sandbox.start-timeout = 2m");
        await using var watch = new DescriptorWatch(server.Pid);
        await Task.WhenAll(Enumerable.Range(0, Size).Select(async call =>
            Assert.Equal($"{call}", (await server.RunNowAsync(call % 3 != 0 ? "python" : "typescript", Waits(call % 3 != 0), call)).Data)));

        output.WriteLine($"at most {await watch.MostAsync()} of {Least(Size)} descriptors");
        Assert.InRange(await watch.MostAsync(), 0, Least(Size) - 1);
        Assert.DoesNotContain("Too many open files", server.Log, StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    public async Task With_256_descriptors_it_does_not_start_and_says_what_it_needs()
    {
        var (exitCode, log) = await FaasServer.StartWithDescriptorsAndFailAsync(256, "faas.pool { running = 4, sandboxes = 4 }");
        Assert.Equal((69, $"faas: {new DescriptorBudget(256, 4, 4).Refusal}\n"), (exitCode, log));
    }

    private static int Least(int poolSize) => (int)new DescriptorBudget(0, poolSize, poolSize).Needed;

    private static string Waits(bool isPython) => isPython
        ? "import time\ntime.sleep(2)\nreturn event"
        : "await new Promise(done => setTimeout(done, 2000)); return event";

    private static async Task<bool> IsAnsweredAsync(Socket client)
    {
        try
        {
            await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            return await client.ReceiveAsync(new byte[4096]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> IsServedAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/healthz", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
