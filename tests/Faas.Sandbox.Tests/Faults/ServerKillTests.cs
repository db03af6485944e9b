using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>kill -9 of the server at random moments under uploads, runs and streams, again and again on the same data.</summary>
[TestLimit(300)]
public sealed class ServerKillTests(ITestOutputHelper output)
{
    private const string Settings = "faas.pool { running = 6, sandboxes = 6, queue-timeout = 5m }\nfaas.sandbox { start-timeout = 1m, timeout = 1m }\nfaas.store.redis.timeout = 30";

    // As many texts as the machine can check in a round: a version's number is what must not be lost.
    private const int Texts = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_acknowledged_version_is_lost_and_nothing_is_left_behind(bool overTcp)
    {
        var random = new Random(FaultRun.Seed);
        output.WriteLine($"FAAS_FAULT_SEED={FaultRun.Seed}");
        await using var redis = overTcp ? await RedisServer.StartAsync() : null;
        (string, string)[] environment = redis is null ? [] : redis.Environment;
        var kept = new ConcurrentDictionary<long, int>();
        var server = await FaasServer.StartAsync(Settings, null, environment);
        try
        {
            for (var round = 1; round <= FaultRun.Rounds(2); round++)
            {
                var before = kept.Keys.DefaultIfEmpty().Max();
                var load = new MixedLoad(server, kept);
                await Eventually.HoldsAsync(() => kept.Keys.Any(version => version > before)
                    && load.Answers > 0, TimeSpan.FromMinutes(1), () => "the load did not come about");
                await Task.Delay(random.Next(0, 1500)); // the moment is what is random
                await server.KillAsync();
                await load.EndAsync();
                await server.DisposeAsync();

                var dead = server;
                var watch = Stopwatch.StartNew();
                server = await FaasServer.StartAsync(Settings, dead.Folder, environment);
                output.WriteLine($"round {round}: {kept.Count} versions, {load.Answers} answers, the next start took {watch.Elapsed.TotalSeconds:0.0} s");
                Assert.True(load.Wrong.IsEmpty, string.Join('\n', load.Wrong));
                await dead.HasLeftNothingAsync();
                Assert.True(await server.UploadAsync("killed", "python", "return 0") > kept.Keys.Max());
            }

            foreach (var (version, value) in kept)
            {
                Assert.Equal($"{value}", (await server.RunAsync($"killed?version={version}")).Data);
            }

            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Three clients that upload, two that run, one that streams, until their server is gone.</summary>
    private sealed class MixedLoad
    {
        private readonly FaasServer _server;
        private readonly ConcurrentDictionary<long, int> _kept;
        private readonly Task _all;
        private int _answers;

        public MixedLoad(FaasServer server, ConcurrentDictionary<long, int> kept)
        {
            (_server, _kept) = (server, kept);
            _all = Task.WhenAll(
                [
                    .. Enumerable.Range(0, 3).Select(client => UntilGoneAsync(turn => UploadAsync((client + turn) % Texts))),
                    .. Enumerable.Range(0, 2).Select(_ => UntilGoneAsync(_ => RunAsync())),
                    UntilGoneAsync(_ => StreamAsync()),
                ]);
        }

        /// <summary>Runs and streams that were answered.</summary>
        public int Answers => Volatile.Read(ref _answers);

        /// <summary>Answers that must not be.</summary>
        public ConcurrentQueue<string> Wrong { get; } = [];

        public Task EndAsync() => _all;

        private static async Task UntilGoneAsync(Func<int, Task> call)
        {
            try
            {
                for (var turn = 0; ; turn++)
                {
                    await call(turn);
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                // The server is.
            }
        }

        private async Task UploadAsync(int value)
        {
            var reply = await _server.ReplyAsync("/upload", new { path = "killed", language = "python", code = $"return {value}", force = true });
            if (reply.Status != HttpStatusCode.OK)
            {
                Wrong.Enqueue(reply.ToString());
            }
            else if (!_kept.TryAdd(reply.Body.GetProperty("version").GetInt64(), value))
            {
                Wrong.Enqueue($"A version was given twice: {reply}");
            }
        }

        private async Task RunAsync()
        {
            var reply = await _server.RunNowAsync("python", "return 'ran'");
            Count(reply is { Status: HttpStatusCode.OK, Data: "\"ran\"" }, reply.ToString());
        }

        private async Task StreamAsync()
        {
            var events = await _server.EventsAsync(
                "/run-now", new { language = "python", code = "for n in range(100): print(n)\nreturn 100", stream = true });
            Count(events[^1].GetProperty("event").GetString() == "result", events[^1].GetRawText());
        }

        private void Count(bool isRight, string answer)
        {
            Interlocked.Increment(ref _answers);
            if (!isRight)
            {
                Wrong.Enqueue(answer);
            }
        }
    }
}
