using System.Text.Json;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.log</c> does.</summary>
public sealed class LogSettingTests
{
    private const string Call = "POST /run-now 200 reason=ok ";

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [Proves("log.format")]
    public async Task Format_is_for_people_or_for_programs(string format)
    {
        await using var server = await FaasServer.StartAsync($"faas.log.format = {format}");
        await server.RunNowAsync("python", "print('not in the log')\nreturn 1");
        await Eventually.HoldsAsync(
            () =>
                server.Log.Contains(Call, StringComparison.Ordinal), TimeSpan.FromSeconds(10), () => $"no line of the call:\n{server.Log}");
        await server.EndAsync();

        var line = server.Log.Split('\n').Single(line => line.Contains(Call, StringComparison.Ordinal));
        Assert.DoesNotContain("not in the log", server.Log, StringComparison.Ordinal);
        if (format == "json")
        {
            var fields = JsonDocument.Parse(line).RootElement;
            Assert.Equal(
                ("info", 200, "ok"),
                (
                    fields.GetProperty("level").GetString(),
                    fields.GetProperty("status").GetInt32(),
                    fields.GetProperty("reason").GetString()));
        }
        else
        {
            Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+Z info: ", line);
        }
    }

    [Fact]
    [Proves("log.level")]
    public async Task Level_is_the_least_that_is_written()
    {
        await using var quiet = await FaasServer.StartAsync("faas.log.level = warning");
        await using var chatty = await FaasServer.StartAsync("faas.log.level = debug");
        foreach (var server in new[] { quiet, chatty })
        {
            await server.RunNowAsync("python", "return 1");
            using var ready = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        }

        await Eventually.HoldsAsync(
            () =>
                chatty.Log.Contains("dbug: ", StringComparison.Ordinal)
                    && chatty.Log.Contains("GET /readyz 200 ", StringComparison.Ordinal),
            TimeSpan.FromSeconds(10),
            () => chatty.Log);
        await quiet.EndAsync();
        await chatty.EndAsync();
        Assert.DoesNotContain(Call, quiet.Log, StringComparison.Ordinal);
    }
}
