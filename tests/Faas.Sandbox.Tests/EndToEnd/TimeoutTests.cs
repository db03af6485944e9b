using System.Diagnostics;
using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>A script that does not end, under a limit of one second.</summary>
public sealed class TimeoutTests : IAsyncLifetime
{
    private FaasServer _server = null!;

    public async Task InitializeAsync() => _server = await FaasServer.StartAsync("faas.sandbox.timeout = 1s");

    public async Task DisposeAsync()
    {
        await _server.EndAsync();
        await _server.DisposeAsync();
    }

    /// <summary>The machine may be busy with other things: one of five tries has to show what the server can keep.</summary>
    [Theory]
    [Trait("Machine", "Alone")]
    [InlineData("javascript", "while(true){}")]
    [InlineData("typescript", "while(true as boolean){}")]
    [InlineData("python", "while True: pass")]
    public async Task An_endless_loop_is_ended_at_its_timeout_and_nothing_is_left_running(string language, string code)
    {
        await _server.UploadAsync("endless", language, code);
        var longest = TimeSpan.FromSeconds(1.5);
        var took = TimeSpan.MaxValue;
        for (var i = 0; i < 5 && took > longest; i++)
        {
            var watch = Stopwatch.StartNew();
            var reply = await _server.RunAsync("endless");
            took = watch.Elapsed;

            Assert.DoesNotContain(_server.Processes(), process => process.IsOfInvocation);
            Assert.Equal((HttpStatusCode.GatewayTimeout, "timeout"), (reply.Status, reply.Reason));
            Assert.True(took >= TimeSpan.FromSeconds(1), $"{took}");
        }

        Assert.InRange(took, TimeSpan.FromSeconds(1), longest);
    }

    [Fact]
    public async Task A_call_that_was_killed_says_what_it_has_cost()
    {
        var reply = await _server.ReplyAsync(
            "/run-now", new { language = "python", code = "held = bytearray(50_000_000)\nwhile True: pass", stats = true });

        var stats = reply.Body.GetProperty("stats");
        Assert.Equal("timeout", reply.Reason);
        Assert.True(stats.GetProperty("cpuSeconds").GetDouble() > 0.1, $"{stats}");
        Assert.InRange(stats.GetProperty("maxRssBytes").GetInt64(), 50_000_000, 128 << 20);
        Assert.True(stats.GetProperty("wallSeconds").GetDouble() >= 1, $"{stats}");
    }

    [Fact]
    public async Task After_a_timeout_the_next_call_to_the_same_script_works()
    {
        await _server.UploadAsync("endless/if-asked", "python", "while event['endless']: pass\nreturn 'well'");

        Assert.Equal("timeout", (await _server.RunAsync("endless/if-asked", new { endless = true })).Reason);
        Assert.Equal("\"well\"", (await _server.RunAsync("endless/if-asked", new { endless = false })).Data);
    }
}
