using System.Globalization;
using System.Net;
using Faas.Sandbox.Tests.Network;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>
/// A batch while its server is killed. Each run asks a web server of the test for its own number, so the test knows what was executed
/// without the records.
/// </summary>
[TestLimit(600)]
public sealed class BatchKillTests
{
    private const int Inputs = 120, Concurrency = 4;
    private const string Code = """
        import urllib.request
        return urllib.request.urlopen(f"{event['url']}/{event['n']}").read().decode()
        """;

    [Fact]
    public async Task Each_input_ends_exactly_once_and_none_is_executed_twice()
    {
        await using var host = TestHost.Plain(IPAddress.Parse("127.0.0.2"));
        await using var redis = await RedisServer.StartAsync();
        var settings = $$"""
            faas.pool.running = {{2 * Concurrency}}
            faas.network { allow = ["{{host.Name}}"], addresses = ["127.0.0.0/8"] }
            faas.runs.kept.concurrency = {{Concurrency}}
            """;
        var server = await FaasServer.StartAsync(settings, null, redis.Environment);
        try
        {
            await server.UploadAsync("job/a", "python", Code, new { allow = new[] { host.Name } });
            var inputs = Enumerable.Range(0, Inputs).Select(n => (object)new { n, url = host.Url });
            var id = await Batches.AcceptAsync(server, "job/a", inputs);
            await Eventually.HoldsAsync(
                () => host.Asked.Count >= Inputs / 4, TimeSpan.FromMinutes(3), () => $"{host.Asked.Count} were executed");
            await server.KillAsync();
            var dead = server;
            server = await FaasServer.StartAsync(settings, dead.Folder, redis.Environment);
            await dead.DisposeAsync();

            var record = await Batches.EndedAsync(server, id);
            Assert.Equal((Inputs, 0, 0), (
                record.GetProperty("ended").GetInt32(), record.GetProperty("queued").GetInt32(), record.GetProperty("running").GetInt32()));
            var executed = host.Asked.Select(line => int.Parse(line.Split(' ')[1][1..], CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(executed.Distinct().Order(), executed.Order());
            var results = await Batches.ResultsAsync(server, id);
            Assert.Equal(Enumerable.Range(0, Inputs), results.Select(one => one.GetProperty("index").GetInt32()));
            Assert.All(results, one => Assert.Equal("ended", one.GetProperty("state").GetString()));
            var reasons = results.CountBy(one => one.GetProperty("reason").GetString()!).OrderBy(one => one.Key).ToList();
            Assert.Equal(
                reasons, record.GetProperty("reasons").EnumerateObject().Select(one => KeyValuePair.Create(one.Name, one.Value.GetInt32())));
            Assert.Empty(reasons.Select(one => one.Key).Except(["ok", "sandbox"]));
            Assert.InRange(reasons.Where(one => one.Key == "sandbox").Sum(one => one.Value), 0, Concurrency);
            Assert.Empty(results.Where(one => one.GetProperty("reason").GetString() == "ok")
                .Select(one => one.GetProperty("index").GetInt32()).Except(executed));
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
