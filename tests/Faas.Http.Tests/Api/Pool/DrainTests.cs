using System.Net;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Pool;

public sealed class DrainTests
{
    [Theory]
    [InlineData("", 10)]
    [InlineData("?within=2m", 120)]
    [InlineData("?within=0", 0)]
    public async Task A_drain_is_answered_when_no_sandbox_is_left(string query, int seconds)
    {
        await using var faas = await FaasUnderTest.StartAsync();

        using var response = await faas.Client.PostAsync($"/api/v1/pool/drain{query}", null);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(seconds), (await faas.Pool.Next<DrainUntilResumed>()).Within);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1s")]
    [InlineData("2h")]
    [InlineData("")]
    public async Task A_time_that_is_none_is_refused_and_nothing_is_drained(string within)
    {
        await using var faas = await FaasUnderTest.StartAsync();

        using var response = await faas.Client.PostAsync($"/api/v1/pool/drain?within={within}", null);

        Assert.Equal(
            $"\"within\" is \"{within}\"; allowed is a duration of at most an hour, such as 30s or 5m.",
            await response.ProblemAsync(400, "malformed"));
        Assert.DoesNotContain(faas.Pool.Rest(), message => message is DrainUntilResumed);
    }

    [Fact]
    public async Task A_time_that_is_mistyped_or_stands_in_the_body_is_refused_and_nothing_is_drained()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var mistyped = await faas.Client.PostAsync("/api/v1/pool/drain?wihtin=1h", null);
        Assert.Equal(
            "query: \"wihtin\" is unknown; did you mean \"within\"? Allowed is within.", await mistyped.ProblemAsync(400, "malformed"));
        using var body = await faas.PostAsync("/api/v1/pool/drain", """{"within": "1h"}""");
        Assert.StartsWith("The body must be empty", await body.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        Assert.DoesNotContain(faas.Pool.Rest(), message => message is DrainUntilResumed);
    }

    [Fact]
    public async Task The_caller_who_drains_is_told_when_another_call_ends_the_drain()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Pool.Answer = message =>
            message is DrainUntilResumed ? new PoolResumed(IsAccepting: true) : FaasUnderTest.AnswerOfPool(message);

        using var response = await faas.Client.PostAsync("/api/v1/pool/drain", null);

        Assert.Equal("Another call has ended the drain: the server accepts work again.", await response.ProblemAsync(409, "conflict"));
    }

    [Fact]
    public async Task A_drain_is_ended_by_a_call_but_not_that_of_a_server_that_stops()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var ended = await faas.Client.DeleteAsync("/api/v1/pool/drain");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);

        faas.Pool.Answer = message => message is ResumePool ? new PoolResumed(IsAccepting: false) : FaasUnderTest.AnswerOfPool(message);
        using var refused = await faas.Client.DeleteAsync("/api/v1/pool/drain");
        Assert.Equal("The server is stopping, so the drain cannot be ended.", await refused.ProblemAsync(409, "conflict"));
    }

    [Fact]
    public async Task A_drained_server_is_not_ready()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Pool.Answer = message =>
            message is GetPoolStatus ? new PoolStatus(0, 0, 0, 0, 0, null, IsDraining: true) : FaasUnderTest.AnswerOfPool(message);

        using var response = await faas.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"accepting\":\"The server is being drained.\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
