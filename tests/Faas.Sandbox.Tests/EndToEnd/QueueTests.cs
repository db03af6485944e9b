using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>A bounded pool with a bounded queue, from the callers' side.</summary>
public sealed class QueueTests
{
    [Theory]
    [InlineData("javascript", "await new Promise(done => setTimeout(done, 2000)); return 1")]
    [InlineData("python", "import time\ntime.sleep(2)\nreturn 1")]
    public async Task A_pool_of_1_with_a_queue_of_4_serves_5_of_20_sleepers_and_refuses_15_at_once(string language, string code)
    {
        await using var server = await FaasServer.StartAsync("faas.pool { running = 1, sandboxes = 1, queue = 4, spares { node = 0, python = 0 } }");
        await server.UploadAsync("sleeper", language, code);

        var served = 0;
        var refusedBeforeTheFirstWasServed = 0;
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var reply = await server.RunAsync("sleeper");
            if (reply.Status == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref served);
            }
            else if (Volatile.Read(ref served) == 0)
            {
                Interlocked.Increment(ref refusedBeforeTheFirstWasServed);
            }

            return reply;
        }));

        Assert.Equal(5, served);
        Assert.Equal(15, refusedBeforeTheFirstWasServed);
        var refused = replies.Where(reply => reply.Status == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal(15, refused.Count);
        Assert.All(refused, reply => Assert.True(reply.RetryAfter >= TimeSpan.FromSeconds(1)));
        await server.StopAsync();
        Directory.Delete(server.Folder, true);
    }
}
