using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faas.Http.Tests.Server.Logs;

/// <summary>Each call leaves one line in the log.</summary>
public sealed class CallLogTests
{
    private const string Category = "CallLog";
    private const string Secret = "secret-in-an-input";

    [Fact]
    public async Task A_call_leaves_a_line_that_says_who_what_how_long_and_at_what_price()
    {
        var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(), log: log);
        faas.EndWith(FaasUnderTest.FortyTwo with
        {
            Warmth = Warmth.Warm,
            Usage = new Usage(TimeSpan.FromMilliseconds(2.5), TimeSpan.FromMilliseconds(1.5), 41 << 20),
        });
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", Keys.Invoke);
        faas.Client.DefaultRequestHeaders.Add("X-Call-Id", "order-17");
        using var response = await faas.PostAsync("/run/math/add?version=1739000000", $$"""{"input": "{\"a\": \"{{Secret}}\"}"}""");

        var line = await log.NextAsync(Category);
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.InRange((decimal)line.Fields["duration"]!, 0, 60);
        Assert.Equal(
            "POST /run/math/add 200 reason=ok call=order-17 key=runner path=math/add version=1739000000 start=warm run=0.0025 cpu=0.0015 "
            + "memory=42991616 in=44 out=27",
            string.Join(' ', line.Text.Split(' ').Where(word => !word.StartsWith("duration=", StringComparison.Ordinal))));
        Assert.DoesNotContain(Secret, line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Keys.Invoke, line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_comes_before_its_cost_has_a_line_once_the_cost_is_known()
    {
        var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        var early = FaasUnderTest.FortyTwo with { Warmth = Warmth.Warm, Usage = new Usage(TimeSpan.FromSeconds(0.5), TimeSpan.Zero, 0) };
        var measured = new Usage(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(0.25), 1000);
        faas.OnSubmit(run => new object[] { new RunEnded(run.RunId, early) { CostFollows = true }, new RunMeasured(run.RunId, measured) });
        using var response = await faas.PostAsync("/run/math/add", "{}");

        var line = await log.NextAsync(Category);
        Assert.Contains(" run=0.5 cpu=0.25 memory=1000 ", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/run/no/such", "{}", "404 reason=not_found", LogLevel.Information)]
    [InlineData("/run/math/add", "{", "400 reason=malformed", LogLevel.Information)]
    [InlineData("/nowhere%0Ainjected", "{}", "404 reason=not_found", LogLevel.Information)]
    public async Task A_refusal_leaves_one_too_with_its_reason_and_without_what_the_caller_wrote(
        string target, string body, string expected, LogLevel level)
    {
        var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        using var response = await faas.PostAsync(target, body);

        var line = await log.NextAsync(Category);
        Assert.StartsWith($"POST {target} {expected} duration=", line.Text, StringComparison.Ordinal);
        Assert.Equal(level, line.Level);
    }

    [Fact]
    public async Task A_fault_of_the_server_is_a_warning_that_says_what_broke_and_a_fault_of_the_script_is_not()
    {
        var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        faas.EndWith(Outcome.Broken("The runtime ended."));
        using var broken = await faas.PostAsync("/run/math/add", "{}");
        faas.EndWith(new Outcome(Reason.Error) { Detail = $"threw {Secret}", Logs = Secret });
        using var thrown = await faas.PostAsync("/run/math/add", "{}");

        var (first, second) = (await log.NextAsync(Category), await log.NextAsync(Category));
        Assert.Equal((LogLevel.Warning, "sandbox", "The runtime ended."), (first.Level, first.Fields["reason"], first.Fields["fault"]));
        Assert.Equal((LogLevel.Information, "error", false), (second.Level, second.Fields["reason"], second.Fields.ContainsKey("fault")));
        Assert.DoesNotContain(Secret, second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_leaves_its_line_when_it_ends_with_the_bytes_that_were_sent()
    {
        var log = new CapturedLog();
        var output = new ScriptedOutput();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        faas.OnSubmit(output.For);
        var answer = faas.PostAsync("/run/math/add", """{"stream": true}""");
        output.End(FaasUnderTest.FortyTwo);
        using var response = await answer;
        var sent = await response.Content.ReadAsByteArrayAsync();

        var line = await log.NextAsync(Category);
        Assert.Equal(("ok", (long)sent.Length), (line.Fields["reason"], line.Fields["out"]));
    }

    [Fact]
    public async Task A_stream_whose_caller_leaves_says_where_and_for_how_long_it_ran()
    {
        var log = new CapturedLog();
        var output = new ScriptedOutput();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        faas.OnSubmit(output.For);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/run/math/add") { Content = new StringContent("""{"stream": true}""") };
        using (await faas.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
        }

        var line = await log.NextAsync(Category);
        Assert.Equal(("cancelled", "warm"), (line.Fields["reason"], line.Fields["start"]));
        Assert.True((decimal)line.Fields["run"]! > 0, line.Text);
    }

    [Fact]
    public async Task Answers_about_the_server_itself_are_for_debugging()
    {
        var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { Log = options.Log with { Level = Http.Configuration.LogThreshold.Debug } }, log: log);
        using var response = await faas.Client.GetAsync(new Uri("/healthz", UriKind.Relative));

        var line = await log.NextAsync(Category);
        Assert.StartsWith("GET /healthz 200 duration=", line.Text, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Debug, line.Level);
    }

    [Fact]
    public async Task A_call_of_a_function_has_its_line_though_its_route_asks_for_no_scope()
    {
        var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        using var response = await faas.Client.GetAsync(new Uri("/http/math/add", UriKind.Relative));

        var line = await log.NextAsync(Category);
        Assert.Equal((LogLevel.Information, "math/add"), (line.Level, line.Fields["path"]));
    }
}
