using System.Net;
using Faas.Actors.Pool;
using Faas.Http.Configuration;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Server.Connections;

/// <summary>Clients that take their time, and those that take too much.</summary>
public sealed class ConnectionLimitTests
{
    private const string Code = """{"language": "python", "code": "return 42"}""";

    [Fact]
    public async Task Headers_that_come_too_slowly_end_the_connection()
    {
        await using var faas = await StartAsync(limits => limits with { HeaderTimeout = TimeSpan.FromSeconds(1) });
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync("POST /run-now HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        Assert.StartsWith("HTTP/1.1 408 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        await AssertServesAsync(faas);
    }

    [Fact]
    public async Task An_idle_connection_is_closed()
    {
        await using var faas = await StartAsync(limits => limits with { IdleTimeout = TimeSpan.FromSeconds(1) });
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.EndsWith("""{"status":"alive"}""", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_slower_than_the_rate_is_given_up_and_a_faster_one_is_not()
    {
        await using var faas = await StartAsync(limits => limits with { BodyGrace = TimeSpan.FromSeconds(2), BodyBytesPerSecond = 1000 });
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(RawClient.Post("/run-now", Code)[..^1]);
        var answer = await client.ReadUntilAsync("}");
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"slow\"", answer, StringComparison.Ordinal);
        Assert.Empty(faas.Pool.Rest().OfType<SubmitRun>());
        await AssertServesAsync(faas);
    }

    [Fact]
    public async Task Ten_megabytes_of_one_header_are_refused_long_before_they_are_all_there()
    {
        await using var faas = await StartAsync(limits => limits);
        using var client = await RawClient.ConnectAsync(faas.Address);
        // What the server has not taken when it closes makes the rest of the sending fail, and may overtake its answer.
        await Record.ExceptionAsync(
            () => client.SendAsync($"POST /run-now HTTP/1.1\r\nHost: localhost\r\nX-Big: {new string('x', 10 << 20)}\r\n\r\n"));
        await client.WaitForEndAsync();
        Assert.Empty(faas.Pool.Rest().OfType<SubmitRun>());
        await AssertServesAsync(faas);
    }

    [Theory]
    [InlineData(98, 200)]
    [InlineData(101, 431)]
    public async Task A_request_has_a_hundred_headers_at_most(int more, int status)
    {
        await using var faas = await StartAsync(limits => limits);
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(Enumerable.Range(0, more).Select(i => $"X-{i}: 1\r\n"))}\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_more_than_allowed_is_closed_and_one_less_makes_room()
    {
        await using var faas = await StartAsync(limits => limits with { Max = 2 });
        using var first = await HelloAsync(faas);
        using var second = await HelloAsync(faas);
        using (var third = await RawClient.ConnectAsync(faas.Address))
        {
            await third.WaitForEndAsync();
        }

        first.Reset();
        for (var answer = ""; !answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);)
        {
            using var next = await RawClient.ConnectAsync(faas.Address);
            var failed = await Record.ExceptionAsync(async () =>
            {
                await next.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                answer = await next.ReadToEndAsync();
            });
            Assert.True(failed is null or System.Net.Sockets.SocketException);
        }
    }

    private static async Task<RawClient> HelloAsync(FaasUnderTest faas)
    {
        var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("}"), StringComparison.Ordinal);
        return client;
    }

    private static Task<FaasUnderTest> StartAsync(Func<ConnectionOptions, ConnectionOptions> limits) =>
        FaasUnderTest.StartAsync(http => http with { Connections = limits(http.Connections) });

    private static async Task AssertServesAsync(FaasUnderTest faas)
    {
        using var response = await faas.PostAsync("/run-now", Code);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
