using System.Collections.Concurrent;
using System.Net;
using Faas.Sandbox.Tests.Faults;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Versions, under load and after kill -9, on both stores.</summary>
[TestLimit(180)]
public sealed class DurabilityTests
{
    // The machine may be busy with other things: it is about what is kept, not about how fast.
    private const string Settings = "faas.pool { running = 12, sandboxes = 12, queue-timeout = 5m }\nfaas.sandbox { start-timeout = 1m, timeout = 2m }\nfaas.store.redis.timeout = 60";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_upload_of_8_clients_is_a_version_also_after_kill_9(bool overTcp)
    {
        var uploads = FaultRun.Uploads(320);
        await using var redis = overTcp ? await RedisServer.StartAsync() : null;
        (string, string)[] environment = redis is null ? [] : redis.Environment;
        var server = await FaasServer.StartAsync(Settings, null, environment);
        var versions = new ConcurrentDictionary<long, int>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async client =>
        {
            for (var i = 0; i < uploads / 8; i++)
            {
                var value = ValueOf(client, i);
                Assert.True(versions.TryAdd(await server.UploadAsync("many/versions", "python", $"return {value}"), value));
            }
        }));

        Assert.Equal(uploads, versions.Count);
        await server.KillAsync();
        await server.DisposeAsync();
        server = await FaasServer.StartAsync(Settings, server.Folder, environment);

        await Task.WhenAll(versions.GroupBy(version => version.Value % 8).Select(async ofClient =>
        {
            foreach (var (version, value) in ofClient)
            {
                var reply = await server.RunAsync($"many/versions?version={version}");
                Assert.Equal($"{value}", reply.Data);
            }
        }));
        Assert.Equal(HttpStatusCode.NotFound, (await server.RunAsync($"many/versions?version={versions.Keys.Min() - 1}")).Status);
        Assert.True(await server.UploadAsync("many/versions", "python", "return -1") > versions.Keys.Max());
        Assert.Equal(0, await server.StopAsync());
        await server.DisposeAsync();
        Directory.Delete(server.Folder, true);
    }

    /// <summary>
    /// A client's every fortieth version has code of its own; the others are one text, so that the pool need not start a sandbox for each.
    /// </summary>
    private static int ValueOf(int client, int upload) => upload % 40 == 39 ? (1000 * upload) + client : client;
}
