using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>kill -9 of the server at random moments while clients change scripts: what was acknowledged is there afterwards.</summary>
[TestLimit(300)]
public sealed class ChangeKillTests(ITestOutputHelper output)
{
    private const string Settings = "faas.pool { running = 4, sandboxes = 4, queue-timeout = 5m }\nfaas.sandbox { start-timeout = 1m, timeout = 1m }\nfaas.store.redis.timeout = 30\nfaas.scripts.snapshot-every = 7";
    private const string Scripts = "/api/v1/scripts";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_acknowledged_change_is_lost_and_no_deleted_thing_comes_back(bool overTcp)
    {
        var random = new Random(FaultRun.Seed);
        output.WriteLine($"FAAS_FAULT_SEED={FaultRun.Seed}");
        await using var redis = overTcp ? await RedisServer.StartAsync() : null;
        (string, string)[] environment = redis is null ? [] : redis.Environment;
        var server = await FaasServer.StartAsync(Settings, null, environment);
        try
        {
            IClient[] clients = [new Versions(), new Aliases(), new Retentions(), new Deletions()];
            foreach (var client in clients)
            {
                await client.PrepareAsync(server);
            }

            for (var round = 1; round <= FaultRun.Rounds(2); round++)
            {
                var before = clients.Select(client => client.Acknowledged).ToArray();
                var changing = Task.WhenAll(clients.Select(client => UntilGoneAsync(client, server)));
                await Eventually.HoldsAsync(
                    () => clients.Zip(before).All(pair => pair.First.Acknowledged >= pair.Second + 4),
                    TimeSpan.FromMinutes(1),
                    () => "the changes did not come about");
                await Task.Delay(random.Next(0, 500)); // the moment is what is random
                await server.KillAsync();
                await changing;
                await server.DisposeAsync();

                server = await FaasServer.StartAsync(Settings, server.Folder, environment);
                output.WriteLine($"round {round}: {string.Join(", ", clients.Select(client => $"{client.Acknowledged} by {client.GetType().Name}"))}");
                foreach (var client in clients)
                {
                    await client.CheckAsync(server);
                }
            }

            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task UntilGoneAsync(IClient client, FaasServer server)
    {
        try
        {
            while (true)
            {
                await client.ChangeAsync(server);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // The server is.
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(FaasServer server, string method, string url, object? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"{Scripts}/{url}", UriKind.Relative))
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        var response = await server.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode || method == "GET", $"{method} {url}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return response;
    }

    private static async Task<System.Text.Json.JsonElement?> FindAsync(FaasServer server, string url)
    {
        using var response = await SendAsync(server, "GET", url);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await response.ReadAsync();
    }

    private interface IClient
    {
        int Acknowledged { get; }

        Task PrepareAsync(FaasServer server);

        Task ChangeAsync(FaasServer server);

        Task CheckAsync(FaasServer server);
    }

    /// <summary>Uploads a version, deletes the oldest, and so on.</summary>
    private sealed class Versions : IClient
    {
        private readonly List<long> _uploaded = [];
        private int _deleted;
        private bool _isDeleting;

        public int Acknowledged => _uploaded.Count + _deleted;

        public async Task PrepareAsync(FaasServer server)
        {
            await UploadAsync(server);
            await UploadAsync(server);
        }

        public async Task ChangeAsync(FaasServer server)
        {
            await UploadAsync(server);
            _isDeleting = true;
            (await SendAsync(server, "DELETE", $"versions/versions/{_uploaded[_deleted]}")).Dispose();
            _deleted++;
            _isDeleting = false;
        }

        public async Task CheckAsync(FaasServer server)
        {
            var page = (await FindAsync(server, "versions/versions?limit=1000"))!.Value;
            var there = page.GetProperty("versions").EnumerateArray().Select(one => one.GetProperty("version").GetInt64()).Order().ToList();
            if (_isDeleting && !there.Contains(_uploaded[_deleted]))
            {
                _deleted++;
            }

            _isDeleting = false;
            Assert.Equal(_uploaded[_deleted..], there[..(_uploaded.Count - _deleted)]);
            Assert.InRange(there.Count, _uploaded.Count - _deleted, _uploaded.Count - _deleted + 1);
            Assert.All(there.Skip(_uploaded.Count - _deleted), unknown => Assert.True(unknown > _uploaded[^1]));
            _uploaded.AddRange(there.Skip(_uploaded.Count - _deleted)); // stored, and its reply was lost
            for (var i = _deleted; i < _uploaded.Count; i++)
            {
                // Five texts are stored and deleted all the time, but none that a version has.
                using var code = await SendAsync(server, "GET", $"versions/versions/{_uploaded[i]}/code");
                Assert.Equal(TextOf(i), await code.Content.ReadAsStringAsync());
            }
        }

        private static string TextOf(int upload) => $"return {upload % 5}";

        private async Task UploadAsync(FaasServer server) =>
            _uploaded.Add(await server.UploadAsync("versions", "python", TextOf(_uploaded.Count)));
    }

    /// <summary>Moves an alias and rolls it back; its entity tag counts the changes.</summary>
    private sealed class Aliases : IClient
    {
        private long _first;
        private long _second;
        private volatile int _acknowledged;

        public int Acknowledged => _acknowledged;

        public async Task PrepareAsync(FaasServer server)
        {
            _first = await server.UploadAsync("aliases", "python", "return 1");
            _second = await server.UploadAsync("aliases", "python", "return 2");
            (await SendAsync(server, "PUT", "aliases/aliases/stable", new { version = _first })).Dispose();
            _acknowledged = 1;
        }

        public async Task ChangeAsync(FaasServer server)
        {
            var weight = _acknowledged % 50;
            object split = new { split = new[] { new { version = _first, weight }, new { version = _second, weight = 100 - weight } } };
            using var response = _acknowledged % 3 == 2
                ? await SendAsync(server, "POST", "aliases/aliases/stable/rollback")
                : await SendAsync(server, "PUT", "aliases/aliases/stable", split);
            _acknowledged = int.Parse(response.Headers.ETag!.Tag.Trim('"'), null);
        }

        public async Task CheckAsync(FaasServer server)
        {
            using var response = await SendAsync(server, "GET", "aliases/aliases/stable");
            var revision = int.Parse(response.Headers.ETag!.Tag.Trim('"'), null);
            Assert.InRange(revision, _acknowledged, _acknowledged + 1);
            _acknowledged = revision;
        }
    }

    /// <summary>Says again and again which versions are kept.</summary>
    private sealed class Retentions : IClient
    {
        private volatile int _acknowledged;

        public int Acknowledged => _acknowledged;

        public async Task PrepareAsync(FaasServer server) => await server.UploadAsync("retentions", "python", "return 1");

        public async Task ChangeAsync(FaasServer server)
        {
            (await SendAsync(server, "PATCH", "retentions", new { keep = new { newest = _acknowledged + 1 } })).Dispose();
            _acknowledged++;
        }

        public async Task CheckAsync(FaasServer server)
        {
            var newest = (await FindAsync(server, "retentions"))!.Value.GetProperty("keep").GetProperty("newest").GetInt32();
            Assert.InRange(newest, _acknowledged, _acknowledged + 1);
            _acknowledged = newest;
        }
    }

    /// <summary>Makes a script, disables it, and deletes every other one.</summary>
    private sealed class Deletions : IClient
    {
        private readonly ConcurrentDictionary<string, string> _states = new();
        private int _made;

        public int Acknowledged => _states.Values.Count(state => state is "disabled" or "deleted");

        public Task PrepareAsync(FaasServer server) => Task.CompletedTask;

        public async Task ChangeAsync(FaasServer server)
        {
            var path = $"made-{_made++}";
            await server.UploadAsync(path, "python", "return 1");
            _states[path] = "uploaded";
            (await SendAsync(server, "PATCH", path, new { enabled = false })).Dispose();
            _states[path] = "disabled";
            if (_made % 2 == 0)
            {
                _states[path] = "being deleted";
                (await SendAsync(server, "DELETE", path)).Dispose();
                _states[path] = "deleted";
            }
        }

        public async Task CheckAsync(FaasServer server)
        {
            foreach (var (path, state) in _states)
            {
                var found = await FindAsync(server, path);
                Assert.True(
                    state switch
                    {
                        "deleted" => found is null,
                        "disabled" => found is { } script && !script.GetProperty("enabled").GetBoolean(),
                        "uploaded" => found is not null,
                        _ => true,
                    },
                    $"{path} was {state}: {found}");
            }
        }
    }
}
