using System.Globalization;
using System.Net;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>The Redis of three nodes is killed, and a sentinel has its replica take over.</summary>
[Trait("Machine", "Alone")]
[TestLimit(300)]
public sealed class FailoverTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // What docs/cluster.md promises.
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Calls_and_uploads_go_on_by_the_replica_with_every_version_that_it_had()
    {
        await using var main = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync(
            null, "--replicaof", "127.0.0.1", main.Port.ToString(CultureInfo.InvariantCulture), "--masterauth", RedisServer.Password);
        await using var sentinel = await RedisSentinel.StartAsync(main);
        await Eventually.HoldsAsync(async () => await sentinel.CountReplicasAsync() == 1, s_patience, () => "it knows no replica");
        await using var nodes = NodesUnderTest.On(("REDIS_CONFIGURATION", sentinel.Configuration));
        var servers = await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.StartAsync));
        var clients = servers.Select(server => server.Client).ToList();
        string[] paths = ["fail/0", "fail/1", "fail/2"];
        var before = await WorkAsync(paths, clients);

        // A write that the replica has not got yet may be lost with the main server: docs/cluster.md says so. WAIT goes by the last write
        // of its own connection.
        await main.UseAsync(async database =>
        {
            await database.StringSetAsync("last", 1);
            Assert.Equal(1, (int)await database.ExecuteAsync("WAIT", "1", "0"));
        });
        await main.KillAsync();

        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(servers.SelectMany(server => paths.Select(path => AnswerAsync(server, path)))))
                .Chunk(paths.Length).All(answers => answers.SequenceEqual(before.Select(script => $"{script.Last}"))),
            s_recovery,
            () => nodes.Logs);
        var versions = await Task.WhenAll(servers.Zip(paths, UploadAsync)).WaitAsync(Patience.Of(s_recovery));
        Assert.All(before.Zip(versions), script => Assert.True(script.Second > script.First.Versions.Max(), $"{script.Second} again"));
        await WorkAsync(["after/0", "after/1"], clients);
    }

    // The number of the last version of each is in the value that it returns.
    private static async Task<IReadOnlyList<BusyScript>> WorkAsync(IReadOnlyList<string> paths, IReadOnlyList<HttpClient> clients)
    {
        using var end = new CancellationTokenSource();
        var scripts = paths.Select(path => new BusyScript(path, clients, clients, end.Token)).ToList();
        try
        {
            await BusyScript.AdvanceAsync(scripts, uploads: 5, s_patience);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(scripts.Select(script => script.CompletedAsync()));
        }

        Assert.All(scripts, script => Assert.Empty(script.Violations));
        Assert.All(scripts, script => Assert.Empty(script.NumbersTwice));
        return scripts;
    }

    private static async Task<string> AnswerAsync(FaasServer server, string path)
    {
        var reply = await server.RunAsync(path);
        return reply.Status == HttpStatusCode.OK ? reply.Data : reply.ToString();
    }

    private static async Task<long> UploadAsync(FaasServer server, string path)
    {
        while (true)
        {
            var reply = await server.ReplyAsync("/upload", new { path, language = "python", code = "return 'after'" });
            if (reply.Status == HttpStatusCode.OK)
            {
                return reply.Body.GetProperty("version").GetInt64();
            }
        }
    }
}
