using Faas.Actors.Pool;
using Faas.Http.Lifecycle;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Access;

/// <summary>Strangers with large bodies, over real sockets.</summary>
public sealed class UnreadBodyTests
{
    private const string Announced = "POST /run-now HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 6291456\r\n";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("")]
    [InlineData("X-Api-Key: wrong-0123456789\r\n")]
    [InlineData("Expect: 100-continue\r\n")]
    public async Task A_stranger_is_refused_before_a_byte_of_its_body_is_there(string headers)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync($"{Announced}{headers}\r\n");
        var answer = await client.ReadUntilAsync("}");
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"unauthorized\"", answer, StringComparison.Ordinal);
        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task A_stranger_who_sends_it_all_the_same_hears_the_refusal()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync($"{Announced}\r\n");
        await client.SendAsync(new byte[6 << 20]);
        Assert.StartsWith("HTTP/1.1 401 ", await client.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_name_is_refused_before_the_body_too()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync($"{Announced.Replace("localhost", "rebound.example", StringComparison.Ordinal)}\r\n");
        Assert.StartsWith("HTTP/1.1 421 ", await client.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_requests_do_not_keep_the_server_from_stopping()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync($"{Announced}\r\n");
        await client.ReadUntilAsync("}");
        await faas.StopAsync().WaitAsync(s_patience);
        Assert.True(faas.Services.GetRequiredService<RequestGate>().Idle.IsCompletedSuccessfully);
        await client.WaitForEndAsync();
    }

    [Fact]
    public async Task While_it_stops_a_stranger_learns_that_first()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        var drained = new TaskCompletionSource<object>();
        faas.Pool.Answer = message => message is DrainPool ? drained.Task : FaasUnderTest.AnswerOfPool(message);
        var stop = faas.StopAsync();
        await faas.Pool.Next<DrainPool>();
        using (var response = await faas.PostAsync("/run-now", "{}"))
        {
            await response.ProblemAsync(503, "draining");
        }

        drained.SetResult(PoolDrained.Instance);
        await stop.WaitAsync(s_patience);
    }
}
