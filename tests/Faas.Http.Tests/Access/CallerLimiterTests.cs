using System.Net;
using Faas.Http.Access;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class CallerLimiterTests
{
    [Fact]
    public async Task Past_the_burst_a_caller_is_told_when_to_come_back_and_is_served_then()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.With(access => access with { RateLimit = new RateLimit(0.5, 3) }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => faas.PostAsync("/run/math/add", "{}")));
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), 3, 19);
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
        await refused.ProblemAsync(429, "rate_limited");
        await Task.Delay(TimeSpan.FromSeconds(int.Parse(refused.Header("Retry-After"), null)));
        using var later = await faas.PostAsync("/run/math/add", "{}");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Theory]
    [InlineData(0.01, "101")]
    [InlineData(0.1, "11")]
    [InlineData(0.5, "3")]
    [InlineData(100, "1")]
    public async Task Retry_after_is_the_time_until_the_next_token(double rate, string seconds)
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.With(access => access with { RateLimit = new RateLimit(rate, 1) }));
        HttpResponseMessage response;
        do
        {
            response = await faas.PostAsync("/run/math/add", "{}");
        }
        while (response.StatusCode == HttpStatusCode.OK);
        Assert.Equal((HttpStatusCode.TooManyRequests, seconds), (response.StatusCode, response.Header("Retry-After")));
        response.Dispose();
    }

    [Fact]
    public async Task One_key_leaves_the_others_alone_and_strangers_take_nobodys_tokens()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.WithKeys("other:invoke:other-0123456789").With(access => access with { RateLimit = new RateLimit(0.01, 2) }));
        async Task<string> ThreeTimesAsync(string key)
        {
            var statuses = new List<int>();
            faas.Client.DefaultRequestHeaders.Remove("X-Api-Key");
            faas.Client.DefaultRequestHeaders.Add("X-Api-Key", key);
            for (var i = 0; i < 3; i++)
            {
                using var response = await faas.PostAsync("/run/math/add", "{}");
                statuses.Add((int)response.StatusCode);
            }

            return string.Join(' ', statuses);
        }

        Assert.Equal("401 401 401", await ThreeTimesAsync("nobody-0123456789"));
        Assert.Equal("200 200 429", await ThreeTimesAsync(Keys.Invoke));
        Assert.Equal("200 200 429", await ThreeTimesAsync("other-0123456789"));
        using var alive = await faas.Client.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task As_shipped_nothing_is_counted()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        for (var i = 0; i < 100; i++)
        {
            using var response = await faas.PostAsync("/run/math/add", "{}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
