using Akka.Actor;
using Akka.Event;
using Faas.Http.Server.Logs;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Faas.Http.Tests.Server.Logs;

/// <summary>The actor system writes into the log in the form of all others.</summary>
public sealed class ActorLoggerTests
{
    private const string Pool = "akka://faas/user/pool";

    [Fact]
    public async Task What_an_actor_logs_is_its_text_and_its_path_and_repeats_neither_level_nor_time()
    {
        var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        var failure = new InvalidOperationException("It broke.");

        faas.Services.GetRequiredService<ActorSystem>().EventStream.Publish(
            new Error(failure, Pool, typeof(ActorLoggerTests), "node-0 did not start: no room"));

        var line = await log.NextAsync(nameof(ActorSystem));
        Assert.Equal((LogLevel.Error, $"node-0 did not start: no room actor={Pool}"), (line.Level, line.Text));
        Assert.Equal(Pool, line.Fields["actor"]);
    }

    [Fact]
    public void A_line_has_the_actor_as_its_field()
    {
        var line = new ActorLine(new Warning(Pool, typeof(ActorLoggerTests), "It is late."));

        Assert.Equal("It is late. actor=akka://faas/user/pool", line.ToString());
        Assert.Equal(new KeyValuePair<string, object?>("actor", Pool), Assert.Single(line));
    }
}
