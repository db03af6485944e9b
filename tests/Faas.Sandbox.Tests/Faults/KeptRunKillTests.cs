using System.Net;
using Faas.Sandbox.Tests.Network;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Asynchronous runs while the server is killed, and then Redis.</summary>
[TestLimit(600)]
public sealed class KeptRunKillTests(ITestOutputHelper output)
{
    private const int Concurrency = 4;

    [Fact]
    public async Task Each_accepted_run_ends_exactly_once_and_none_is_executed_twice()
    {
        await using var host = TestHost.Plain(IPAddress.Parse("127.0.0.2"));
        await using var redis = await RedisServer.StartAsync();
        var load = new KeptRunLoad(host);
        var settings = $"faas.pool.running = {2 * Concurrency}\n{load.Settings(Concurrency)}";
        var server = await FaasServer.StartAsync(settings, null, redis.Environment);
        try
        {
            await load.UploadAsync(server);
            var sending = load.SendAsync(_ => server);
            await load.ExecutedAsync(KeptRunLoad.Count / 4);
            await server.KillAsync();
            var dead = server;
            server = await FaasServer.StartAsync(settings, dead.Folder, redis.Environment);
            await dead.DisposeAsync();

            await load.ExecutedAsync(KeptRunLoad.Count / 2);
            await redis.KillAsync();
            await redis.RestartAsync();

            await sending;
            output.WriteLine(await load.EndedAsync(server, mostBroken: Concurrency));
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
