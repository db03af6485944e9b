using System.Net;
using System.Text;
using System.Text.Json;
using Faas.Actors.Callbacks;
using Faas.Actors.Hosts;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

/// <summary>Callbacks over real sockets, as callers ask for them and see them; the store is one in memory, and none is sent.</summary>
public sealed class CallbackTests
{
    private const string Runs = "/api/v1/runs";
    private const string Permitted = """{"callback": "https://hooks.example.com/done?token=1"}""";
    private static readonly KeptSeat s_seat = new("node", "start", 0);

    [Fact]
    public async Task A_call_is_kept_with_its_callback_and_the_record_shows_the_URL_without_its_query()
    {
        await using var faas = await StartAsync();
        var id = await AcceptedAsync(faas, """{"callback": {"url": "https://hooks.example.com/done?token=1", "format": "plain", "on": ["failed"]}}""");
        Assert.Equal(
            new KeptCallback("https://hooks.example.com/done?token=1", CallbackFormat.Plain) { On = CallbackOutcome.Failed },
            faas.Kept.All.Single().Call.Callback);
        var record = (await GetAsync(faas, $"{Runs}/{id}")).GetProperty("callback");
        Assert.Equal("""{"url":"https://hooks.example.com/done","state":"pending","attempts":0}""", record.GetRawText());

        await EndAsync(faas, id, "error");
        await faas.Kept.TakeAsync(TimeSpan.FromHours(1), default);
        await faas.Kept.NoteAsync(id, 1, new CallbackNote(CallbackState.Dead, new CallbackAnswer(410, null), default), default);
        record = (await GetAsync(faas, $"{Runs}/{id}")).GetProperty("callback");
        Assert.Equal("""{"url":"https://hooks.example.com/done","state":"dead","attempts":1,"lastStatus":410}""", record.GetRawText());
        foreach (var (body, format, on) in new (string, CallbackFormat, CallbackOutcome?)[]
        {
            (Permitted, CallbackFormat.CloudEvents, null),
            ("""{"callback": {"url": "https://hooks.example.com/", "on": ["ok", "failed"]}}""", CallbackFormat.CloudEvents, null),
            ("""{"callback": {"url": "https://hooks.example.com/", "on": ["ok"]}}""", CallbackFormat.CloudEvents, CallbackOutcome.Ok),
        })
        {
            await AcceptedAsync(faas, body);
            Assert.Equal((format, on), (faas.Kept.All[^1].Call.Callback!.Format, faas.Kept.All[^1].Call.Callback!.On));
        }

        await AcceptedAsync(faas, """{"callback": null}""");
        Assert.Null(faas.Kept.All[^1].Call.Callback);
    }

    [Theory]
    [InlineData("\"https://other.example.com/\"", "leads to other.example.com:443, which faas.callbacks.hosts does not permit")]
    [InlineData("\"http://hooks.example.com/\"", "is not encrypted; http:// needs a rule of faas.callbacks.hosts that names the port")]
    [InlineData("\"hooks.example.com\"", "is no absolute URL that begins with https:// or http://")]
    [InlineData("7", "\"callback\" must be a URL or an object, not a number.")]
    [InlineData("[]", "\"callback\" must be a URL or an object, not an array.")]
    [InlineData("{}", "\"callback.url\" is missing.")]
    [InlineData("""{"url": 1}""", "\"callback.url\" must be a string, not a number.")]
    [InlineData("""{"url": "https://hooks.example.com/", "fromat": "plain"}""", "\"callback.fromat\" is unknown")]
    [InlineData("""{"url": "https://hooks.example.com/", "format": "xml"}""", "\"callback.format\" is \"xml\"; allowed are cloudevents, plain.")]
    [InlineData("""{"url": "https://hooks.example.com/", "on": "ok"}""", "must be an array of strings, not a string.")]
    [InlineData("""{"url": "https://hooks.example.com/", "on": []}""", "\"callback.on\" is empty; allowed are ok, failed.")]
    [InlineData("""{"url": "https://hooks.example.com/", "on": ["no"]}""", "\"callback.on\" has \"no\"; allowed are ok, failed.")]
    [InlineData("""{"url": "https://hooks.example.com/", "url": "https://hooks.example.com/"}""", "\"callback\" has a member twice")]
    public async Task A_callback_that_cannot_be_is_refused_with_the_reason(string callback, string says)
    {
        await using var faas = await StartAsync();
        using var refused = await SendAsync(faas, $$"""{"callback": {{callback}}}""");
        Assert.Contains(says, await refused.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        Assert.Empty(faas.Kept.All);
    }

    [Fact]
    public async Task A_server_without_hosts_or_a_secret_sends_none_and_a_call_that_is_not_kept_has_none()
    {
        await using var shipped = await FaasUnderTest.StartAsync();
        using var hosts = await SendAsync(shipped, Permitted);
        Assert.Equal("This server sends no callbacks (faas.callbacks.hosts is not set).", await hosts.ProblemAsync(501, "callbacks_unsupported"));
        await using var unsigned = await StartAsync(options => options with { Secrets = [] });
        using var secret = await SendAsync(unsigned, Permitted);
        Assert.Contains("faas.callbacks.secret", await secret.ProblemAsync(501, "callbacks_unsupported"), StringComparison.Ordinal);

        await using var faas = await StartAsync();
        using var plain = await faas.PostAsync("/run/math/add", Permitted);
        Assert.Contains("is for calls whose runs are kept", await plain.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        using var kept = await faas.PostAsync("/run/math/add", Permitted.Replace("}", ", \"keep\": true}", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        await Eventually.HoldsAsync(
            () => faas.Kept.All is [{ Callback.State: CallbackState.Pending }], TimeSpan.FromSeconds(20), () => "It has no callback.");
    }

    [Fact]
    public async Task A_call_with_a_key_has_its_callback_and_the_same_call_with_another_one_is_another_call()
    {
        await using var faas = await StartAsync();
        foreach (var (body, status) in new[] { (Permitted, 200), (Permitted, 200), ("{}", 422) })
        {
            using var request = RequestOf(body);
            request.Headers.Add("Idempotency-Key", "key");
            using var answer = await faas.Client.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        Assert.Equal(CallbackState.Pending, faas.Kept.All.Single().Callback?.State);
    }

    [Fact]
    public async Task Dead_callbacks_are_listed_and_sent_again_by_who_sees_the_run()
    {
        await using var faas = await StartAsync(http: http => http.WithKeys($"watcher:runs:{Keys.Runs}", "other:invoke:other-0123456789ab"));
        Use(faas, Keys.Invoke);
        var id = await AcceptedAsync(faas, Permitted);
        using (var early = await faas.PostAsync($"{Runs}/{id}/callback", ""))
        {
            Assert.Contains("has not ended", await early.ProblemAsync(409, "conflict"), StringComparison.Ordinal);
        }

        await EndAsync(faas, id, "ok");
        await faas.Kept.TakeAsync(TimeSpan.FromHours(1), default);
        await faas.Kept.NoteAsync(id, 1, new CallbackNote(CallbackState.Dead, new CallbackAnswer(null, "No address."), default), default);
        Use(faas, Keys.Runs);
        Assert.Equal([id], await ListedAsync(faas, "dead"));
        Assert.Equal([id], await ListedAsync(faas, "pending,dead"));
        Assert.Empty(await ListedAsync(faas, "delivered"));
        using var word = await faas.Client.GetAsync($"{Runs}?kept=true&callback=gone");
        Assert.Contains("allowed are pending, delivered, dead, skipped", await word.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        using var recent = await faas.Client.GetAsync($"{Runs}?callback=dead");
        Assert.Contains("\"callback\" is for kept runs", await recent.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        foreach (var (key, status) in new[] { (Keys.Runs, 403), ("other-0123456789ab", 404), (Keys.Invoke, 200) })
        {
            Use(faas, key);
            using var answer = await faas.PostAsync($"{Runs}/{id}/callback", "");
            Assert.Equal((key, status), (key, (int)answer.StatusCode));
        }

        Assert.Equal("pending", Text((await GetAsync(faas, $"{Runs}/{id}")).GetProperty("callback"), "state"));
        using var unknown = await faas.PostAsync($"{Runs}/call~k0123456789abcdef/callback", "");
        await unknown.ProblemAsync(404, "not_found");
        var without = await AcceptedAsync(faas, "{}");
        for (var hasEnded = 0; hasEnded < 2; hasEnded++)
        {
            using var none = await faas.PostAsync($"{Runs}/{without}/callback", "");
            Assert.Equal($"The run \"{without}\" has no callback.", await none.ProblemAsync(409, "conflict"));
            if (hasEnded == 0)
            {
                await EndAsync(faas, without, "ok");
            }
        }

        faas.Kept.Failure = new StoreException("It is away.");
        using var away = await faas.PostAsync($"{Runs}/{id}/callback", "");
        await away.ProblemAsync(503, "store");
    }

    [Fact]
    public async Task A_callback_that_was_skipped_is_not_sent_again_and_the_answer_says_why()
    {
        await using var faas = await StartAsync();
        var id = await AcceptedAsync(faas, """{"callback": {"url": "https://hooks.example.com/done", "on": ["failed"]}}""");
        await EndAsync(faas, id, "ok");
        using var refused = await faas.PostAsync($"{Runs}/{id}/callback", "");
        Assert.Equal(
            $"The callback of the run \"{id}\" was skipped: its call wants to be told of the end \"failed\" alone (\"on\"), "
            + "and the run has ended with \"ok\".",
            await refused.ProblemAsync(409, "conflict"));
        Assert.Equal("skipped", Text((await GetAsync(faas, $"{Runs}/{id}")).GetProperty("callback"), "state"));
    }

    [Fact]
    public async Task A_run_that_is_redriven_has_the_callback_of_the_old_one_and_its_record_says_all_but_how_far_that_has_come()
    {
        await using var faas = await StartAsync();
        var id = await AcceptedAsync(faas, Permitted);
        await EndAsync(faas, id, "error");
        using var redriven = await faas.PostAsync($"{Runs}/{id}/redrive", "");
        Assert.Equal(HttpStatusCode.Accepted, redriven.StatusCode);
        Assert.Equal(faas.Kept.All[0].Call.Callback, faas.Kept.All[1].Call.Callback);

        var record = (ICallbackRecord)faas.Services.GetService(typeof(ICallbackRecord))!;
        using var sent = JsonDocument.Parse(record.BytesOf(faas.Kept.All[0]));
        Assert.Equal((id, "error", 500), (Text(sent.RootElement, "id"), Text(sent.RootElement, "reason"), sent.RootElement.GetProperty("status").GetInt32()));
        Assert.False(sent.RootElement.TryGetProperty("callback", out _));
    }

    private static Task<FaasUnderTest> StartAsync(
        Func<CallbackOptions, CallbackOptions>? change = null,
        Func<Faas.Http.Configuration.HttpOptions, Faas.Http.Configuration.HttpOptions>? http = null) => FaasUnderTest.StartAsync(
            http, options => options with
            {
                Callbacks = (change ?? (same => same))(options.Callbacks with
                {
                    Hosts = EgressRules.Parse(["hooks.example.com"]),
                    Secrets = [CallbackSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!],
                }),
            });

    private static HttpRequestMessage RequestOf(string body) => new(HttpMethod.Post, "/run/math/add")
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };

    private static async Task<HttpResponseMessage> SendAsync(FaasUnderTest faas, string body)
    {
        using var request = RequestOf(body);
        request.Headers.Add("Prefer", "respond-async");
        return await faas.Client.SendAsync(request);
    }

    private static async Task<string> AcceptedAsync(FaasUnderTest faas, string body)
    {
        using var answer = await SendAsync(faas, body);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return faas.Kept.All[^1].Id;
    }

    private static async Task EndAsync(FaasUnderTest faas, string id, string reason)
    {
        Assert.Equal(id, (await faas.Kept.TakeAsync(s_seat, default)).Run?.Id);
        await faas.Kept.EndAsync(s_seat, id, KeptOutcome.Of(new KeptEnd { Reason = reason }), default);
    }

    private static async Task<string[]> ListedAsync(FaasUnderTest faas, string states) =>
    [
        .. (await GetAsync(faas, $"{Runs}?kept=true&callback={states}")).GetProperty("runs").EnumerateArray().Select(run => Text(run, "id")),
    ];

    private static void Use(FaasUnderTest faas, string key) => faas.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

    private static async Task<JsonElement> GetAsync(FaasUnderTest faas, string route) =>
        JsonDocument.Parse(await faas.Client.GetStringAsync(route)).RootElement;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
