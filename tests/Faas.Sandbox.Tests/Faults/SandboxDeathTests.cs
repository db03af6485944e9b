using System.Net;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Somebody kills what the server has started.</summary>
[TestLimit(300)]
public sealed class SandboxDeathTests
{
    private const string Sleeper = "import time\nopen('/tmp/started', 'w').close()\ntime.sleep(event.get('seconds', 0))\nreturn 'woke'";

    [Theory]
    [InlineData("the zygote")]
    [InlineData("bubblewrap")]
    public async Task A_call_whose_sandbox_is_killed_ends_as_sandbox_is_not_run_again_and_the_next_ones_work(string victim)
    {
        await using var server = await FaasServer.StartAsync("faas.pool { running = 4, sandboxes = 4 }");
        await server.UploadAsync("sleeper", "python", Sleeper);
        Assert.Equal("\"woke\"", (await server.RunAsync("sleeper")).Data);
        await server.IsAtRestAsync(); // the process of that call is not taken for the next one's

        var sleeping = server.RunAsync("sleeper", new { seconds = 30 });
        var running = await RunningAsync(server);
        var zygote = HostProcess.ParentOf(running.Pid);
        Signals.Send(victim == "bubblewrap" ? HostProcess.ParentOf(zygote) : zygote, Signals.Kill);

        var reply = await sleeping;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "sandbox"), (reply.Status, reply.Reason));
        Assert.DoesNotContain(server.Processes(), process => process.IsOfInvocation);
        foreach (var again in await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.RunAsync("sleeper"))))
        {
            Assert.Equal("\"woke\"", again.Data);
        }

        await server.IsAtRestAsync();
        await server.EndAsync();
    }

    [Fact]
    public async Task A_call_whose_sandbox_stands_still_ends_at_its_timeout_and_the_next_ones_work()
    {
        await using var server = await FaasServer.StartAsync(
            FormattableString.Invariant($"faas.sandbox.timeout = {Patience.Of(TimeSpan.FromSeconds(2)).TotalSeconds}"));
        await server.UploadAsync("sleeper", "python", Sleeper);
        var sleeping = server.RunAsync("sleeper", new { seconds = 1 });
        Signals.Send(HostProcess.ParentOf((await RunningAsync(server)).Pid), Signals.Stop);

        Assert.Equal("timeout", (await sleeping).Reason);
        Assert.Equal("\"woke\"", (await server.RunAsync("sleeper")).Data);
        await server.IsAtRestAsync();
        await server.EndAsync();
    }

    [Fact]
    public async Task All_that_waits_ahead_of_calls_may_be_killed_and_calls_work()
    {
        await using var server = await FaasServer.StartAsync();
        await server.UploadAsync("sleeper", "python", Sleeper);
        Assert.Equal("\"woke\"", (await server.RunAsync("sleeper")).Data);
        for (var round = 0; round < 3; round++)
        {
            foreach (var process in server.Processes())
            {
                Signals.Send(process.Pid, Signals.Kill);
            }

            Assert.Equal("\"woke\"", (await EventuallyAnsweredAsync(server)).Data);
        }

        await server.IsAtRestAsync();
        await server.EndAsync();
    }

    // A call that finds its sandbox dead before the server has seen it die is our fault, and said to be; it is not run again by itself.
    private static async Task<Reply> EventuallyAnsweredAsync(FaasServer server)
    {
        for (var attempt = 0; ; attempt++)
        {
            var reply = await server.RunAsync("sleeper");
            if (reply.Status == HttpStatusCode.OK || attempt == 3)
            {
                return reply;
            }

            Assert.Equal("sandbox", reply.Reason);
        }
    }

    private static async Task<SandboxedProcess> RunningAsync(FaasServer server)
    {
        SandboxedProcess? running = null;
        await Eventually.HoldsAsync(
            () => (running = server.Processes().FirstOrDefault(process => process.Name == "faas-script")) is not null,
            TimeSpan.FromSeconds(30),
            () => "it did not start");
        return running!;
    }
}
