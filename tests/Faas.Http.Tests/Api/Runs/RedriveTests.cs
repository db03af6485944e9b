using System.Net;
using System.Text.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

/// <summary>Dead letters over real sockets; the store is one in memory, and no worker executes anything.</summary>
public sealed class RedriveTests
{
    private const string Runs = "/api/v1/runs";
    private static readonly KeptSeat s_seat = new("node", "start", 0);

    [Fact]
    public async Task An_ended_run_runs_again_once_with_its_input()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await FailedAsync(faas, """{"input": {"a": 1}, "priority": 8}""");
        Assert.True((await GetAsync(faas, $"{Runs}/{id}")).GetProperty("dead").GetBoolean());
        Assert.Equal([id], await ListedAsync(faas, "dead=true"));
        using var redriven = await faas.PostAsync($"{Runs}/{id}/redrive", "");
        Assert.Equal(HttpStatusCode.Accepted, redriven.StatusCode);
        var record = await GetAsync(faas, redriven.Header("Location"));
        var by = record.GetProperty("id").GetString()!;
        Assert.Equal(
            ("queued", id, 8, """{"a": 1}"""),
            (Text(record, "state"), Text(record, "redrives"), record.GetProperty("priority").GetInt32(), record.GetProperty("input").GetRawText()));
        var old = await GetAsync(faas, $"{Runs}/{id}");
        Assert.Equal((by, false), (Text(old, "redrivenBy"), old.TryGetProperty("dead", out _)));
        Assert.Empty(await ListedAsync(faas, "dead=true"));
        Assert.Equal([by, id], await ListedAsync(faas, "dead=false"));

        using var twice = await faas.PostAsync($"{Runs}/{id}/redrive", "");
        Assert.Contains(by, await twice.ProblemAsync(409, "conflict"), StringComparison.Ordinal);
        using var early = await faas.PostAsync($"{Runs}/{by}/redrive", "");
        Assert.Contains("has not ended", await early.ProblemAsync(409, "conflict"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_run_again_is_refused_with_the_reason()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await FailedAsync(faas, "{}");
        foreach (var (route, status, reason, says) in new[]
        {
            ($"{id}/redrive?to=7", 404, "not_found", "There is no version 7"),
            ($"{id}/redrive?to=No%20Name", 400, "malformed", "\"to\" is \"No Name\""),
            ("call~k0123456789abcdef/redrive", 404, "not_found", "No run"),
            ("call~7/redrive", 404, "not_found", "No run"),
            ("redrive?limit=0", 400, "malformed", "\"limit\" is \"0\"; allowed are whole numbers from 1 to 1000."),
        })
        {
            using var refused = await faas.PostAsync($"{Runs}/{route}", "");
            Assert.StartsWith(says, await refused.ProblemAsync(status, reason), StringComparison.Ordinal);
        }

        using var dead = await faas.Client.GetAsync($"{Runs}?dead=true");
        Assert.Contains("kept=true", await dead.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        faas.Kept.Acceptance = KeptAcceptance.QueueFull;
        using var full = await faas.PostAsync($"{Runs}/{id}/redrive", "");
        await full.ProblemAsync(429, "queue_full");
        faas.Kept.Failure = new StoreException("It is away.");
        foreach (var route in new[] { $"{id}/redrive", "redrive" })
        {
            using var away = await faas.PostAsync($"{Runs}/{route}", "");
            await away.ProblemAsync(503, "store");
        }

        faas.Kept.Failure = null;
        Assert.Equal([id], await ListedAsync(faas, "dead=true"));
    }

    [Fact]
    public async Task A_filter_that_is_mistyped_or_stands_in_the_body_is_refused_and_nothing_runs_again()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await FailedAsync(faas, "{}");
        foreach (var (route, body, says) in new[]
        {
            ("redrive?pth=x", "", "query: \"pth\" is unknown; did you mean \"path\"? Allowed are path, version, state, "),
            ("redrive?reason=error&dead=true", "", "query: \"dead\" is unknown"),
            ("redrive", """{"path": "no/such"}""", "The body must be empty: what is meant stands in the query. Allowed are path, "),
            ($"{id}/redrive?too=7", "", "query: \"too\" is unknown; did you mean \"to\"? Allowed is to."),
            ($"{id}/redrive", """{"to": "7"}""", "The body must be empty: what is meant stands in the query. Allowed is to."),
        })
        {
            using var refused = await faas.PostAsync($"{Runs}/{route}", body);
            Assert.StartsWith(says, await refused.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        }

        Assert.Equal([id], await ListedAsync(faas, "dead=true"));
    }

    [Fact]
    public async Task Dead_letters_run_again_as_a_filter_says_until_the_queue_is_full()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        string[] ids = [await FailedAsync(faas, "{}"), await FailedAsync(faas, "{}", "oom"), await FailedAsync(faas, "{}")];
        var some = await RedriveAsync(faas, "?reason=oom");
        Assert.Equal([ids[1]], IdsOf(some, "redriven"));
        var one = await RedriveAsync(faas, "?limit=1");
        Assert.Equal([ids[2]], IdsOf(one, "redriven"));
        Assert.True(one.GetProperty("more").GetBoolean());
        faas.Kept.Acceptance = KeptAcceptance.QueueFull;
        var none = await RedriveAsync(faas, "");
        Assert.Equal([ids[0]], IdsOf(none, "refused"));
        Assert.Equal("queue_full", Text(none.GetProperty("refused")[0], "reason"));
        faas.Kept.Acceptance = KeptAcceptance.Accepted;
        var unknown = await RedriveAsync(faas, "?to=7");
        Assert.Equal(("not_found", false), (Text(unknown.GetProperty("refused")[0], "reason"), unknown.TryGetProperty("more", out _)));
        Assert.Equal([ids[0]], IdsOf(await RedriveAsync(faas, "?path=math&to=latest"), "redriven"));
        Assert.Empty(IdsOf(await RedriveAsync(faas, ""), "redriven"));
    }

    [Fact]
    public async Task Dead_letters_are_looked_for_in_all_records_and_there_is_more_only_when_the_limit_is_reached()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        string[] ids = [await FailedAsync(faas, "{}", "oom"), await FailedAsync(faas, "{}", "oom")];
        for (var newer = 0; newer < 5; newer++)
        {
            await FailedAsync(faas, "{}");
        }

        faas.Kept.PageReach = 2;
        var none = await RedriveAsync(faas, "?path=zzz");
        Assert.Equal((0, false), (none.GetProperty("redriven").GetArrayLength(), none.TryGetProperty("more", out _)));
        var one = await RedriveAsync(faas, "?reason=oom&limit=1");
        Assert.Equal([ids[1]], IdsOf(one, "redriven"));
        Assert.True(one.GetProperty("more").GetBoolean());
        var last = await RedriveAsync(faas, "?reason=oom");
        Assert.Equal([ids[0]], IdsOf(last, "redriven"));
        Assert.False(last.TryGetProperty("more", out _));
    }

    [Fact]
    public async Task Dead_letters_that_are_refused_do_not_keep_older_ones_from_running_again()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        string[] ids = [await FailedAsync(faas, "{}"), await FailedAsync(faas, "{}")];
        faas.Kept.Edit(ids[1], run => run with { Call = run.Call with { Path = "math/gone" } });
        var reply = await RedriveAsync(faas, "?limit=1");
        Assert.Equal([ids[0]], IdsOf(reply, "redriven"));
        Assert.Equal([ids[1]], IdsOf(reply, "refused"));
    }

    [Fact]
    public async Task A_key_redrives_what_it_may_see_and_run()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(
            $"watcher:runs:{Keys.Runs}", "other:invoke:other-0123456789ab", "both:invoke+runs@other:both-0123456789ab"));
        Use(faas, Keys.Invoke);
        var id = await FailedAsync(faas, "{}");
        foreach (var (key, one, many) in new[]
        {
            (Keys.Runs, 403, 403), ("other-0123456789ab", 404, 403), ("both-0123456789ab", 404, 200), (Keys.Invoke, 202, 403),
        })
        {
            Use(faas, key);
            using var all = await faas.PostAsync($"{Runs}/redrive", "");
            using var answer = await faas.PostAsync($"{Runs}/{id}/redrive", "");
            Assert.Equal((key, one, many), (key, (int)answer.StatusCode, (int)all.StatusCode));
        }

        var again = faas.Kept.All[^1].Call;
        Assert.Equal(("runner", id, true), (again.Key, again.Redrives, again.Caller is not null));
    }

    [Fact]
    public async Task A_redriven_run_keeps_its_chain_and_a_key_needs_to_be_for_all_of_it()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys("limited:invoke+runs@math/add:limited-0123456789"));
        Use(faas, Keys.Invoke);
        var id = await FailedAsync(faas, """{"then": "math/add"}""");
        Use(faas, "limited-0123456789");
        faas.Kept.Edit(id, run => run with { Call = run.Call with { Then = new KeptThen { Failure = new("ops/alert") }, Depth = 3, Previous = "c~k1" } });
        using var refused = await faas.PostAsync($"{Runs}/{id}/redrive", "");
        await refused.ProblemAsync(403, "forbidden");
        var many = await RedriveAsync(faas, "");
        Assert.StartsWith(
            $"The run \"{id}\" hands on to the script \"ops/alert\"", Text(many.GetProperty("refused")[0], "detail"), StringComparison.Ordinal);
        Use(faas, Keys.Invoke);
        using var redriven = await faas.PostAsync($"{Runs}/{id}/redrive", "");
        Assert.Equal(HttpStatusCode.Accepted, redriven.StatusCode);
        var again = faas.Kept.All[^1].Call;
        Assert.Equal(("ops/alert", 3, "c~k1"), (again.Then!.Failure!.Path, again.Depth!.Value, again.Previous));
    }

    private static async Task<string> FailedAsync(FaasUnderTest faas, string body, string reason = "error")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/run/math/add")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await faas.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var run = (await faas.Kept.TakeAsync(s_seat, default)).Run!;
        await faas.Kept.EndAsync(s_seat, run.Id, KeptOutcome.Of(new KeptEnd { Reason = reason }), default);
        return run.Id;
    }

    private static async Task<JsonElement> RedriveAsync(FaasUnderTest faas, string query)
    {
        using var answer = await faas.PostAsync($"{Runs}/redrive{query}", "");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task<string[]> ListedAsync(FaasUnderTest faas, string query) =>
        IdsOf(await GetAsync(faas, $"{Runs}?kept=true&{query}"), "runs");

    private static string[] IdsOf(JsonElement reply, string list) =>
        [.. reply.GetProperty(list).EnumerateArray().Select(run => Text(run, "id"))];

    private static void Use(FaasUnderTest faas, string key) => faas.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

    private static async Task<JsonElement> GetAsync(FaasUnderTest faas, string route) =>
        JsonDocument.Parse(await faas.Client.GetStringAsync(route)).RootElement;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
