using System.Net;
using System.Text;
using System.Text.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Batches;

/// <summary>Batches over real sockets; the store is one in memory, and the test executes the runs.</summary>
public sealed class BatchApiTests
{
    private const string Batches = "/api/v1/batches";
    private static readonly KeptSeat s_seat = new("node", "start", 0);

    [Fact]
    public async Task A_batch_is_answered_202_and_has_a_run_for_each_input()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var answer = await faas.PostAsync(
            "/batch/math/add", """{"inputs": [{"a": 1}, "text", null], "priority": 9, "notBefore": "2026-01-01T00:00:00Z"}""");
        Assert.Equal((HttpStatusCode.Accepted, "1739000000"), (answer.StatusCode, answer.Header("X-Script-Version")));
        var accepted = await JsonAsync(answer);
        var id = Text(accepted, "id");
        Assert.Equal($"{Batches}/{Uri.EscapeDataString(id)}", answer.Header("Location"));
        Assert.Equal(("math/add", 3, "queued"), (Text(accepted, "path"), Number(accepted, "count"), Text(accepted, "state")));

        var record = await GetAsync(faas, $"{Batches}/{id}");
        Assert.Equal((3, 0, 0, 9), (Number(record, "queued"), Number(record, "running"), Number(record, "ended"), Number(record, "priority")));
        Assert.Equal(["""{"a": 1}""", "\"text\"", "null"], faas.Kept.All.Select(run => Encoding.UTF8.GetString(run.Input.Span)));
        Assert.All(faas.Kept.All.Index(), run => Assert.Equal(
            (id, run.Index, true, 9), (run.Item.Call.Batch, run.Item.Call.Index, run.Item.Call.Asynchronous, run.Item.Call.Priority)));
        var one = await GetAsync(faas, $"/api/v1/runs/{BatchIds.RunOf(id, 1)}");
        Assert.Equal((id, 1, "\"text\""), (Text(one, "batch"), Number(one, "index"), one.GetProperty("input").GetRawText()));
    }

    [Fact]
    public async Task Lines_of_JSON_are_inputs_too()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var answer = await faas.PostAsync(
            "/batch/math/add", Encoding.UTF8.GetBytes("\ufeff{\"a\": 1}\r\n\n 2\n"), "application/x-ndjson; charset=utf-8");
        Assert.Equal(2, Number(await JsonAsync(answer), "count"));
        Assert.Equal(["""{"a": 1}""", "2"], faas.Kept.All.Select(run => Encoding.UTF8.GetString(run.Input.Span)));
    }

    [Theory]
    [InlineData("""{"inputs": []}""", 400, "The batch has no input.")]
    [InlineData("{}", 400, "\"inputs\" is missing.")]
    [InlineData("", 400, "The body is empty; it must be a JSON object.")]
    [InlineData("[1]", 400, "The body must be a JSON object, not an array.")]
    [InlineData("""{"inputs": 1}""", 400, "\"inputs\" must be an array, not a number.")]
    [InlineData("""{"inputs": null}""", 400, "\"inputs\" must be an array, not null.")]
    [InlineData("""{"inputs": [1], "inputs": [2]}""", 400, "\"inputs\" appears twice.")]
    [InlineData("""{"inputs": [1], "priority": 10}""", 400, "\"priority\" is 10; allowed are whole numbers from 1 to 9.")]
    [InlineData("""{"inputs": [1], "stream": 1}""", 400, "\"stream\" must be true or false, not a number.")]
    [InlineData("""{"inputs": [1], "then": "math/add"}""", 400, "\"then\" is not for batches.")]
    [InlineData("""{"callback": "https://hooks.example.com/", "inputs": [1]}""", 400, "\"callback\" is not for batches.")]
    [InlineData("""{"inputs": [1], "keep": true}""", 400, "\"keep\" is not for batches.")]
    [InlineData("""{"inputs": [1], "prioritiy": 3}""", 400, "body: \"prioritiy\" is unknown; did you mean \"priority\"?")]
    [InlineData("""{"colour": null, "inputs": [1]}""", 400, "body: \"colour\" is unknown.")]
    [InlineData("""{"inputs": [1], "version": 5}""", 400,
        "\"version\" stands in the URL, as ?version=; the body of a batch has no such member.")]
    [InlineData("""{"inputs": [1, "\ud800"]}""", 400, "\"inputs[1]\" contains half of a surrogate pair.")]
    [InlineData("{\"inputs\": [1,\n2,}", 400, "The body is not valid JSON at line 2, byte 3.")]
    [InlineData("""{"inputs": [1, 2, 3, 4]}""", 413, "The batch has more than 3 inputs, the most that it may have (faas.runs.kept.batch).")]
    [InlineData("""{"inputs": [1, "xxxxxxxxxxxxxxxxxxxx"]}""", 413,
        "Input 1 has 22 bytes; each may have 20 (faas.runs.kept.input-size). The first one is input 0.")]
    public async Task A_body_that_is_no_batch_is_refused_and_nothing_is_accepted(string body, int status, string detail)
    {
        await using var faas = await SmallAsync();
        using var answer = await faas.PostAsync("/batch/math/add", body);
        Assert.Equal((status, detail), ((int)answer.StatusCode, Text(await JsonAsync(answer), "detail")));
        Assert.Empty(faas.Kept.All);
    }

    [Theory]
    [InlineData("", 400, "The batch has no input.")]
    [InlineData("1\n\n{\"a\":\n3", 400, "Line 3 is not one JSON value that is nested at most 512 levels deep.")]
    [InlineData("1\n \"\\ud800\"", 400, "Line 2 contains half of a surrogate pair.")]
    [InlineData("1\n2 3", 400, "Line 2 is not one JSON value that is nested at most 512 levels deep.")]
    [InlineData("1\n2\n3\n4", 413, "The batch has more than 3 inputs, the most that it may have (faas.runs.kept.batch).")]
    public async Task A_line_that_is_no_input_is_named(string body, int status, string detail)
    {
        await using var faas = await SmallAsync();
        using var answer = await faas.PostAsync("/batch/math/add", Encoding.UTF8.GetBytes(body), "application/x-ndjson");
        Assert.Equal((status, detail), ((int)answer.StatusCode, Text(await JsonAsync(answer), "detail")));
        Assert.Empty(faas.Kept.All);
    }

    [Fact]
    public async Task A_batch_is_refused_as_a_call_is()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        await RefusedAsync(faas, "/batch/none", 404, "not_found");
        await RefusedAsync(faas, "/batch/math/add?version=7", 404, "not_found");
        faas.Kept.Acceptance = KeptAcceptance.PathFull;
        await RefusedAsync(faas, "/batch/math/add", 429, "queue_full");
        faas.Kept.Acceptance = KeptAcceptance.Accepted;
        faas.Kept.Failure = new StoreException("away");
        await RefusedAsync(faas, "/batch/math/add", 503, "store");
        await using var off = await FaasUnderTest.StartAsync(options: all => all with { KeptRuns = all.KeptRuns with { Enabled = false } });
        await RefusedAsync(off, "/batch/math/add", 501, "async_unsupported");
        await using var little = await FaasUnderTest.StartAsync(
            options: all => all with { KeptRuns = all.KeptRuns with { QueuePerPath = 1 } });
        await RefusedAsync(little, "/batch/math/add", 413, "too_large");
        Assert.Empty(faas.Kept.All);
    }

    [Fact]
    public async Task A_query_name_that_is_not_known_is_told_in_a_warning()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var answer = await faas.PostAsync("/batch/math/add?versoin=1", """{"inputs": [1]}""");
        Assert.Contains("\"versoin\" is unknown", answer.Header("X-Warnings"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_call_has_one_batch_however_often_it_is_sent()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var first = await SendAsync(faas, "key", "[1, 2]");
        using var second = await SendAsync(faas, "key", "[1, 2]");
        Assert.Equal(Text(await JsonAsync(first), "id"), Text(await JsonAsync(second), "id"));
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", second.Header("Idempotency-Replayed"));
        using var other = await SendAsync(faas, "key", "[1, 3]");
        Assert.Equal((422, "idempotency_key_reused"), ((int)other.StatusCode, Text(await JsonAsync(other), "reason")));
        using var third = await SendAsync(faas, "another", "[1, 2]");
        Assert.Equal(HttpStatusCode.Accepted, third.StatusCode);
        Assert.Equal(4, faas.Kept.All.Count);
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_after_an_upload_is_answered_with_its_own_version_and_state()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var first = await SendAsync(faas, "key", "[1, 2]");
        await faas.Kept.TakeAsync(s_seat, default);
        var newer = FaasUnderTest.Version with { Number = FaasUnderTest.Version.Number + 1 };
        faas.Live.Show(ScriptState.Empty("math/add").Apply(new VersionUploaded("math/add", newer)));
        using var again = await SendAsync(faas, "key", "[1, 2]");
        using var other = await SendAsync(faas, "another", "[1, 2]");
        foreach (var (answer, version, state) in new[]
        {
            (first, 1_739_000_000, "queued"), (again, 1_739_000_000, "running"), (other, 1_739_000_001, "queued"),
        })
        {
            var body = await JsonAsync(answer);
            Assert.Equal(
                (HttpStatusCode.Accepted, $"{version}", version, state),
                (answer.StatusCode, answer.Header("X-Script-Version"), Number(body, "version"), Text(body, "state")));
        }
    }

    [Fact]
    public async Task Results_are_told_in_the_order_of_the_inputs_while_some_runs_wait_and_one_is_gone()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas, 5);
        await EndAsync(faas, new KeptEnd { Reason = "ok", Type = DataType.Number }, "1.5");
        await EndAsync(faas, new KeptEnd { Reason = "error", Detail = "ValueError: no", Error = new ScriptError("ValueError", "no", null, null, null, null) }, "");
        await EndAsync(faas, new KeptEnd { Reason = "ok", Type = DataType.String, ResultCut = true, ResultBytes = 999 }, "");
        await faas.Kept.TakeAsync(s_seat, default);
        faas.Kept.Forget(BatchIds.RunOf(id, 0));
        string[] expected =
        [
            $$$"""{"index":0,"run":"{{{BatchIds.RunOf(id, 0)}}}","state":"gone"}""",
            $$$"""{"index":1,"run":"{{{BatchIds.RunOf(id, 1)}}}","state":"ended","reason":"error","detail":"ValueError: no","error":{"name":"ValueError","message":"no"}}""",
            $$$"""{"index":2,"run":"{{{BatchIds.RunOf(id, 2)}}}","state":"ended","reason":"ok","type":"string","resultCut":true}""",
            $$$"""{"index":3,"run":"{{{BatchIds.RunOf(id, 3)}}}","state":"running"}""",
            $$$"""{"index":4,"run":"{{{BatchIds.RunOf(id, 4)}}}","state":"queued"}""",
        ];
        var (all, after) = (new List<string>(), "");
        do
        {
            var page = await GetAsync(faas, $"{Batches}/{id}/results?limit=2{after}");
            all.AddRange(page.GetProperty("results").EnumerateArray().Select(one => one.GetRawText()));
            after = page.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : "";
        }
        while (after.Length > 0);
        Assert.Equal(expected, all);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Batches}/{id}/results");
        request.Headers.Add("Accept", "application/x-ndjson");
        using var lines = await faas.Client.SendAsync(request);
        Assert.Equal("application/x-ndjson", $"{lines.Content.Headers.ContentType}");
        Assert.Equal(string.Concat(expected.Select(line => $"{line}\n")), await lines.Content.ReadAsStringAsync());
        using var paged = new HttpRequestMessage(HttpMethod.Get, $"{Batches}/{id}/results?limit=2");
        paged.Headers.Add("Accept", "application/x-ndjson");
        using var refused = await faas.Client.SendAsync(paged);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Batches_are_listed_by_script_and_state()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var ids = new List<string> { await AcceptAsync(faas, 1), await AcceptAsync(faas, 1), await AcceptAsync(faas, 1) };
        var page = await GetAsync(faas, $"{Batches}?limit=2&path=math");
        var next = await GetAsync(faas, $"{Batches}?limit=2&path=math&after={Text(page, "next")}");
        Assert.Equal(
            ids.AsEnumerable().Reverse(),
            page.GetProperty("batches").EnumerateArray().Concat(next.GetProperty("batches").EnumerateArray()).Select(one => Text(one, "id")));
        await faas.Kept.TakeAsync(s_seat, default);
        Assert.Equal(
            ids[0], Text(Assert.Single((await GetAsync(faas, $"{Batches}?state=running,ended")).GetProperty("batches").EnumerateArray()), "id"));
        Assert.Empty((await GetAsync(faas, $"{Batches}?path=jobs")).GetProperty("batches").EnumerateArray());
        using var wrong = await faas.Client.GetAsync($"{Batches}?state=waiting");
        Assert.Equal(
            "\"state\" has \"waiting\"; allowed are queued, running, ended.", Text(await JsonAsync(wrong), "detail"));
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_is_answered_when_all_its_runs_have_ended()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas, 250);
        var taken = (await faas.Kept.TakeAsync(s_seat, default)).Run!;
        using var narrowed = await faas.Client.DeleteAsync($"{Batches}/{id}?state=queued");
        Assert.Equal(HttpStatusCode.BadRequest, narrowed.StatusCode);
        var cancelling = faas.Client.DeleteAsync($"{Batches}/{id}");
        await Eventually.HoldsAsync(
            async () => (await faas.Kept.MarkedAsync(default)).Any(run => run.Id == taken.Id), TimeSpan.FromSeconds(20), () => "not marked");
        Assert.False(cancelling.IsCompleted);
        await faas.Kept.EndAsync(s_seat, taken.Id, KeptOutcome.Of(KeptEnd.Cancelled), default);
        using var answer = await cancelling;
        var record = await JsonAsync(answer);
        Assert.Equal(("ended", 250), (Text(record, "state"), record.GetProperty("reasons").GetProperty("cancelled").GetInt32()));
        using var again = await faas.Client.DeleteAsync($"{Batches}/{id}");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var none = await faas.Client.DeleteAsync($"{Batches}/call~b0123456789abcdef");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Only_a_key_that_sees_the_runs_of_a_batch_sees_the_batch()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(
            $"watcher:runs:{Keys.Runs}", "other:invoke:other-0123456789ab", "far:runs@other:far-0123456789abcd",
            "both:invoke+runs@math:both-0123456789ab"));
        Use(faas, Keys.Invoke);
        var id = await AcceptAsync(faas, 1);
        foreach (var (key, status, listed) in new[]
        {
            (Keys.Invoke, 200, -1), (Keys.Runs, 200, 1), (Keys.Admin, 200, 1), (Keys.Write, 403, -1), ("other-0123456789ab", 404, -1),
            ("far-0123456789abcd", 404, 0),
        })
        {
            Use(faas, key);
            foreach (var route in (string[])["", "/results", "/events"])
            {
                using var answer = await faas.Client.GetAsync($"{Batches}/{id}{route}", HttpCompletionOption.ResponseHeadersRead);
                Assert.Equal((key, route, status), (key, route, (int)answer.StatusCode));
            }

            using var list = await faas.Client.GetAsync(Batches);
            Assert.Equal(listed < 0 ? 403 : 200, (int)list.StatusCode);
            Assert.True(listed < 0 || listed == (await JsonAsync(list)).GetProperty("batches").GetArrayLength());
        }

        foreach (var (key, status) in new[]
        {
            (Keys.Runs, 403), ("both-0123456789ab", 403), ("other-0123456789ab", 404), (Keys.Invoke, 200),
        })
        {
            Use(faas, key);
            using var answer = await faas.Client.DeleteAsync($"{Batches}/{id}");
            Assert.Equal((key, status), (key, (int)answer.StatusCode));
        }
    }

    private static void Use(FaasUnderTest faas, string key) => faas.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

    private static Task<FaasUnderTest> SmallAsync() =>
        FaasUnderTest.StartAsync(options: all => all with { KeptRuns = all.KeptRuns with { Batch = 3, InputBytes = 20 } });

    private static async Task RefusedAsync(FaasUnderTest faas, string route, int status, string reason)
    {
        using var answer = await faas.PostAsync(route, """{"inputs": [1, 2]}""");
        Assert.Equal((status, reason), ((int)answer.StatusCode, Text(await JsonAsync(answer), "reason")));
    }

    private static async Task<HttpResponseMessage> SendAsync(FaasUnderTest faas, string key, string inputs)
    {
        var content = new StringContent($"{{\"inputs\": {inputs}}}", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/batch/math/add") { Content = content };
        request.Headers.Add("Idempotency-Key", key);
        return await faas.Client.SendAsync(request);
    }

    private static async Task<string> AcceptAsync(FaasUnderTest faas, int count)
    {
        using var answer = await faas.PostAsync(
            "/batch/math/add", $"{{\"inputs\": [{string.Join(',', Enumerable.Range(0, count))}]}}");
        return Text(await JsonAsync(answer), "id");
    }

    private static async Task EndAsync(FaasUnderTest faas, KeptEnd end, string value)
    {
        var taken = (await faas.Kept.TakeAsync(s_seat, default)).Run!;
        await faas.Kept.EndAsync(s_seat, taken.Id, new KeptOutcome(end, Encoding.UTF8.GetBytes(value), KeptRest.None), default);
    }

    private static async Task<JsonElement> GetAsync(FaasUnderTest faas, string route)
    {
        using var answer = await faas.Client.GetAsync(route);
        var body = await JsonAsync(answer);
        Assert.True(answer.IsSuccessStatusCode, body.GetRawText());
        return body;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.Clone();
    }

    private static string Text(JsonElement record, string name) => record.GetProperty(name).GetString()!;

    private static int Number(JsonElement record, string name) => record.GetProperty(name).GetInt32();
}
