using System.Net;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>Mixed calls go on while one fault after another happens, in random order, at random moments.</summary>
[TestLimit(300)]
public sealed class StormTests(ITestOutputHelper output)
{
    private const int Spares = 2;

    private static readonly string s_settings = $$"""
        faas.pool { running = 16, sandboxes = 16, idle-ttl = 2s, queue = 100, queue-timeout = 2m, spares { node = 1, python = 1, max = 0 } }
        faas.sandbox { timeout = {{StormLoad.TimeoutSeconds}}, start-timeout = 1m }
        faas.store.redis.timeout = 3
        """;

    [Fact]
    public async Task Whatever_breaks_no_version_in_a_redis_is_lost_each_call_ends_once_as_itself_and_all_comes_back()
    {
        await using var store = await RemoteStore.StartAsync();
        await WeatherAsync(store);
    }

    [Fact]
    public async Task Whatever_breaks_no_version_in_the_embedded_store_is_lost_each_call_ends_once_as_itself_and_all_comes_back()
    {
        await using var store = new EmbeddedStore();
        await WeatherAsync(store);
    }

    private async Task WeatherAsync(IStormStore store)
    {
        output.WriteLine($"FAAS_FAULT_SEED={FaultRun.Seed}");
        var draw = new Random(FaultRun.Seed);
        await using var place = new Place(s_settings, store);
        await place.StartAsync();
        await MixedCalls.PrepareAsync(place.Server);
        Assert.Equal(HttpStatusCode.OK, (await place.Server.ReplyAsync("/upload", ClientFaults.Endless)).Status);
        var load = place.BeginCalls();

        var faults = Drawn([.. ServerFaults.All, .. ClientFaults.All, .. store.Faults], draw).Take(FaultRun.Rounds(6));
        foreach (var (fault, round) in faults.Select((fault, index) => (fault, index + 1)))
        {
            var (before, during) = (draw.Next(100, 800), draw.Next(50, 5000));
            await Task.Delay(before); // the moment is what is random
            var answers = load.Answers;
            load.Begin(fault.Reasons);
            output.WriteLine($"round {round}: {fault.Name}, for {during} ms, after {answers} answers");
            await fault.Act(place, draw, TimeSpan.FromMilliseconds(during));
            load.End(fault.Reasons);
            await Eventually.HoldsAsync(() => load.Answers > answers
                || load.Failed, TimeSpan.FromMinutes(1), () => $"no call is answered after {fault.Name}\n{place.Server.Log}");
            if (load.Failed)
            {
                break;
            }
        }

        await load.StopAsync();
        output.WriteLine($"{load.Answers} answers, {load.Broken} broken off: {string.Join(", ", load.Outcomes.OrderByDescending(outcome => outcome.Value).Select(outcome => $"{outcome.Value} {outcome.Key}"))}");
        Assert.True(load.Wrong.IsEmpty, $"{string.Join('\n', load.Wrong)}\n{place.Server.Log}");
        await IsWholeAsync(place, load.Mix);
    }

    // In turns: none comes again before all have come.
    private static IEnumerable<Fault> Drawn(Fault[] faults, Random draw)
    {
        while (true)
        {
            draw.Shuffle(faults);
            foreach (var fault in faults)
            {
                yield return fault;
            }
        }
    }

    private static async Task IsWholeAsync(Place place, MixedCalls mix)
    {
        await Eventually.HoldsAsync(
            async () =>
                (await place.Server.ReplyAsync("/upload", new { path = "probe", language = "python", code = "return 'probe'" })).Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(10),
            () => $"uploads still fail\n{place.Server.Log}");
        await Eventually.HoldsAsync(
            async () => (await place.Server.LookAsync()).IsReady, TimeSpan.FromSeconds(10), () => "it is not ready");
        foreach (var ((path, version), value) in mix.Kept)
        {
            Assert.Equal($"{value}", (await place.Server.RunAsync($"{path}?version={version}")).Data);
        }

        await Holdings.OfAsync(place.Server, Spares);
        await Task.WhenAll(place.Dead.Select(dead => dead.HasLeftNothingAsync()));

        await place.Server.EndAsync();
    }
}
