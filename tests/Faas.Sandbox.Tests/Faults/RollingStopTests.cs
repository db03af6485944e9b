using System.Net;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>SIGTERM while some calls run and others wait.</summary>
[TestLimit(300)]
public sealed class RollingStopTests
{
    private const int Places = 2;
    private const int Callers = 6;

    [Fact]
    public async Task No_accepted_call_is_dropped_within_the_drain_time_and_readyz_turns_at_once()
    {
        await using var server = await FaasServer.StartAsync(
            $"faas.http.drain-timeout = 1m\nfaas.pool {{ running = {Places}, sandboxes = {Places}, spares {{ node = 0, python = 0 }} }}");
        await server.UploadAsync("nap", "python", "import time\ntime.sleep(1)\nreturn 'rested'");
        var calls = Enumerable.Range(0, Callers).Select(_ => server.RunAsync("nap")).ToList();
        await Eventually.HoldsAsync(async () => (await server.LookAsync()).Pool is { Waiting: > 0 } pool
            && pool.Busy + pool.Waiting == Callers, TimeSpan.FromSeconds(30), () => "the calls have not come");

        server.Terminate();
        await Eventually.HoldsAsync(
            async () => !(await server.LookAsync()).IsReady, TimeSpan.FromSeconds(10), () => "/readyz does not turn");
        var late = await server.RunAsync("nap");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), (late.Status, late.Reason));
        Assert.All(await Task.WhenAll(calls), call => Assert.Equal("\"rested\"", call.Data));
        Assert.Equal(0, await server.EndedAsync());
        Assert.Empty(server.Processes());
        Directory.Delete(server.Folder, true);
    }
}
