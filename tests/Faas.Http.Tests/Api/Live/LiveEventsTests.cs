using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Faas.Actors.Keys;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Api.Live;

/// <summary>What the streams that go on without an end have in common, over real sockets.</summary>
public sealed class LiveEventsTests
{
    private const string Runs = "/api/v1/runs/events";
    private const string Pool = "/api/v1/pool/events";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(Runs)]
    [InlineData(Pool)]
    public async Task A_stream_ends_with_the_reason_when_its_key_is_ended(string route)
    {
        await using var faas = await StartAsync();
        var secret = await MakeKeyAsync(faas, """{"name": "watcher", "scopes": ["admin"]}""");
        using var stream = await OpenAsync(faas, route, secret);

        using var ended = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/keys/watcher") { Headers = { { "X-Api-Key", Keys.Admin } } };
        using var answer = await faas.Client.SendAsync(ended);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        Assert.Equal((401, "unauthorized", "The key is unknown."), await RefusalAsync(stream));
        using var again = await GetAsync(faas, route, secret);
        await again.ProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task A_stream_ends_with_the_reason_when_its_key_expires()
    {
        await using var faas = await StartAsync();
        var expiry = DateTimeOffset.UtcNow.AddSeconds(10);
        var secret = await MakeKeyAsync(faas, $$"""{"name": "soon", "scopes": ["runs"], "expiresAt": "{{expiry:O}}"}""");
        using var stream = await OpenAsync(faas, Runs, secret);

        var (status, reason, detail) = await RefusalAsync(stream);

        Assert.Equal((401, "unauthorized"), (status, reason));
        Assert.StartsWith("The key \"soon\" expired at ", detail, StringComparison.Ordinal);
        Assert.True(DateTimeOffset.UtcNow >= expiry);
    }

    [Fact]
    public async Task A_stream_ends_with_the_reason_when_its_key_loses_the_scope()
    {
        await using var faas = await StartAsync();
        const string secret = "changing-0123456789";
        await MakeKeyAsync(faas, """{"name": "other", "scopes": ["read"]}"""); // from here on the keys' actor shows nothing of its own
        Show(faas, secret, "runs", "read");
        using var stream = await OpenAsync(faas, Runs, secret);

        Show(faas, secret, "read");

        Assert.Equal((403, "forbidden", "The key \"changing\" lacks the scope \"runs\"."), await RefusalAsync(stream));
    }

    [Theory]
    [InlineData(Runs)]
    [InlineData(Pool)]
    public async Task A_silent_stream_says_that_it_is_whole_as_often_as_its_header_says(string route)
    {
        await using var faas = await StartAsync(TimeSpan.FromMilliseconds(100));
        using var response = await GetAsync(faas, route, Keys.Admin);
        Assert.Equal("0.1", response.Header("X-Ping-Seconds"));
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());
        var pings = 0;
        while (pings < 3)
        {
            pings += await LineAsync(events) == ": ping" ? 1 : 0;
        }
    }

    private static async Task<FaasUnderTest> StartAsync(TimeSpan? ping = null)
    {
        var faas = await FaasUnderTest.StartAsync(http => http.WithKeys() with { PingInterval = ping ?? http.PingInterval });
        var view = new PoolView(TimeSpan.FromSeconds(9), new PoolStatus(0, 1, 0, 0, 0, null), [], []);
        faas.Pool.Answer = message => message is GetPoolView ? view : FaasUnderTest.AnswerOfPool(message);
        return faas;
    }

    private static async Task<string> MakeKeyAsync(FaasUnderTest faas, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/keys")
        {
            Content = JsonContent.Create(JsonDocument.Parse(key)),
        };
        request.Headers.Add("X-Api-Key", Keys.Admin);
        using var response = await faas.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
    }

    // No call changes the scopes of a key, so the keys in force are put in their place, all at once.
    private static void Show(FaasUnderTest faas, string secret, params string[] scopes)
    {
        var key = new StoredKey("changing", scopes, ScriptCode.HashOf(secret), [], DateTimeOffset.UnixEpoch);
        var keys = ImmutableSortedDictionary<string, StoredKey>.Empty.Add(key.Name, key);
        faas.Services.GetRequiredService<LiveKeys>().Show(new KeysState(keys), revision: 1);
    }

    /// <summary>A stream whose first event has come.</summary>
    private static async Task<StreamReader> OpenAsync(FaasUnderTest faas, string route, string secret)
    {
        var response = await GetAsync(faas, route, secret);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var events = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await LineAsync(events) is { } line && !line.StartsWith("data: ", StringComparison.Ordinal))
        {
        }

        return events;
    }

    private static async Task<HttpResponseMessage> GetAsync(FaasUnderTest faas, string route, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, route) { Headers = { { "X-Api-Key", secret } } };
        return await faas.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The problem that the stream ends with; nothing may follow it.</summary>
    private static async Task<(int Status, string? Reason, string? Detail)> RefusalAsync(StreamReader events)
    {
        while (await LineAsync(events) is { } line && line != "event: refused")
        {
            Assert.DoesNotContain("event:", line, StringComparison.Ordinal);
        }

        var data = await LineAsync(events);
        Assert.StartsWith("data: ", data, StringComparison.Ordinal);
        Assert.Equal(("", null), (await LineAsync(events), await LineAsync(events)));
        var problem = JsonDocument.Parse(data!["data: ".Length..]).RootElement;
        return (
            problem.GetProperty("status").GetInt32(), problem.GetProperty("reason").GetString(), problem.GetProperty("detail").GetString());
    }

    private static async Task<string?> LineAsync(StreamReader events)
    {
        using var patience = new CancellationTokenSource(s_patience);
        return await events.ReadLineAsync(patience.Token);
    }
}
