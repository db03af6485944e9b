using System.Net;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>What a server lives through whose mothers, or what they need, are taken away.</summary>
[TestLimit(300)]
public sealed class MotherFaultTests
{
    private const string Fork = "faas.sandbox { launch = fork, start-timeout = 2m }";
    private const string Keeper = "open('/tmp/mark', 'w').write('kept')\nreturn open('/tmp/mark').read()";

    [Fact]
    public async Task The_loss_of_the_meeting_place_harms_no_sandbox_and_other_mothers_take_over()
    {
        await using var server = await FaasServer.StartAsync(Fork);
        await server.UploadAsync("keeper", "python", Keeper);
        Assert.Equal("\"kept\"", (await server.RunAsync("keeper")).Data);
        await server.IsAtRestAsync();
        var lost = MeetingPlaces(server);
        Assert.NotEmpty(lost);

        lost.ForEach(place => Directory.Delete(place, true));

        Assert.Equal("\"kept\"", (await server.RunAsync("keeper")).Data); // its sandbox has its /tmp
        for (var call = 0; call < 4; call++)
        {
            foreach (var (language, code) in ((string, string)[])[("python", Keeper), ("javascript", "return require('fs').readdirSync('/tmp')")])
            {
                var reply = await server.RunNowAsync(language, code);
                Assert.True(reply.Status == HttpStatusCode.OK, $"{language}: {reply}\n{server.Log}");
            }
        }

        Assert.NotEmpty(MeetingPlaces(server).Except(lost));
        await server.EndAsync();
    }

    [Fact]
    [Trait("Needs", "root")]
    public async Task A_mother_that_stands_still_holds_up_no_other_language_and_another_takes_her_orders()
    {
        await using var server = await FaasServer.StartAsync(
            $"faas.sandbox {{ launch = fork, start-timeout = {Patience.Of(TimeSpan.FromSeconds(40)).TotalSeconds:0} }}\n"
            + "faas.pool { starts = 1, spares { node = 0, python = 0, max = 0 } }");
        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        Assert.Equal("1", (await server.RunNowAsync("javascript", "return 1")).Data);
        var mother = server.Mothers().Single(pid => File.ReadAllText($"/proc/{pid}/cmdline").Contains("mother.py", StringComparison.Ordinal));

        Signals.Send(mother, Signals.Stop);
        var held = Enumerable.Range(0, 3).Select(_ => server.RunNowAsync("python", "return 1")).ToList();
        await Eventually.HoldsAsync(
            async () => (await server.LookAsync()).Pool.Starting > 0, TimeSpan.FromSeconds(20), () => "no start holds up others");
        var other = server.RunNowAsync("javascript", "return 1");

        Assert.Same(other, await Task.WhenAny([other, .. held]));
        Assert.Equal("1", (await other).Data);
        Assert.All(await Task.WhenAll(held), reply => Assert.Equal("1", reply.Data));
        await server.EndAsync();
    }

    [Fact]
    public async Task Nothing_of_mothers_is_left_of_a_server_that_is_killed_at_any_moment_of_a_start()
    {
        var random = new Random(FaultRun.Seed);
        for (var round = 0; round < FaultRun.Rounds(3); round++)
        {
            var server = await FaasServer.StartAsync("faas.sandbox { launch = fork, start-timeout = 2m, mothers.max-sandboxes = 2 }");
            var calls = Enumerable.Range(0, 6).Select(call => AnsweredAsync(server, call % 2 == 0 ? "python" : "javascript")).ToList();
            await Task.Delay(random.Next(0, 300)); // the moment is what is random
            await server.KillAsync();
            await Task.WhenAll(calls);
            await server.DisposeAsync();

            await using var next = await FaasServer.StartAsync(Fork);
            await server.HasLeftNothingAsync();
            await next.EndAsync();
            Directory.Delete(server.Folder, true);
        }
    }

    private static async Task AnsweredAsync(FaasServer server, string language)
    {
        try
        {
            await server.RunNowAsync(language, "return 1");
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // The server is.
        }
    }

    private static List<string> MeetingPlaces(FaasServer server) =>
        [.. Directory.GetDirectories(Path.GetTempPath(), $"faas-run-{server.Pid}-*").SelectMany(folder => Directory.GetDirectories(folder, "mother.*"))];
}
