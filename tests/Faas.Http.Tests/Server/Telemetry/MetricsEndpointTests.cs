using System.Net;
using Faas.Actors.Runs.Reply;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Server.Telemetry;

public sealed class MetricsEndpointTests
{
    [Theory]
    [InlineData(Keys.Metrics, HttpStatusCode.OK)]
    [InlineData(Keys.Admin, HttpStatusCode.OK)]
    [InlineData(Keys.Invoke, HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task With_keys_its_own_scope_opens_it(string? key, HttpStatusCode expected)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys($"prometheus:metrics:{Keys.Metrics}"));
        if (key is not null)
        {
            faas.Client.DefaultRequestHeaders.Add("X-Api-Key", key);
        }

        using var response = await faas.Client.GetAsync("/metrics");
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Without_keys_it_is_for_this_machine_only()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "faas.example.org" } };
        using var refused = await faas.Client.SendAsync(foreign);
        await refused.ProblemAsync(421, "misdirected");
        using var page = await faas.Client.GetAsync("/metrics");
        Assert.Equal("text/plain", page.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task It_is_read_and_never_written()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var post = await faas.PostAsync("/metrics", "{}");
        await post.ProblemAsync(405, "method");
        using var head = await faas.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/metrics"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task What_is_answered_429_counts_by_its_reason()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        await using var other = await FaasUnderTest.StartAsync();
        faas.OnSubmit(run => new RunRefused(run.RunId, RefusalReason.QueueFull, TimeSpan.FromSeconds(1)));
        for (var call = 0; call < 3; call++)
        {
            using var refused = await faas.PostAsync("/run/math/add", "{}");
            await refused.ProblemAsync(429, "queue_full");
        }

        Assert.Matches("(?m)^faas_http_throttled_total{.*faas_reason=\"queue_full\".*} 3( |$)", await faas.Client.GetStringAsync("/metrics"));
        Assert.DoesNotContain("faas_http_throttled", await other.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }
}
