using System.Net;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

/// <summary>Calls that are sent more than once with an Idempotency-Key, over real sockets; the store is one in memory.</summary>
public sealed class IdempotencyTests
{
    [Fact]
    public async Task A_call_that_is_sent_again_gets_the_same_answer_and_has_one_run()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(FaasUnderTest.FortyTwo with { Warmth = Actors.Runs.Warmth.Warm });
        using var first = await CallAsync(faas, "\"a-key\"");
        Assert.Equal("""{"data":42,"type":"number"}""", await first.Content.ReadAsStringAsync());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        using var again = await CallAsync(faas, "a-key");
        Assert.Equal("""{"data":42,"type":"number"}""", await again.Content.ReadAsStringAsync());
        Assert.Equal(
            ("true", first.Header("Location"), first.Header("X-Script-Version"), "warm"),
            (again.Header("Idempotency-Replayed"), again.Header("Location"), again.Header("X-Script-Version"), again.Header("X-Start")));
        using var later = await CallAsync(faas, "a-key", prefer: "respond-async");
        Assert.Equal((HttpStatusCode.Accepted, "true"), (later.StatusCode, later.Header("Idempotency-Replayed")));
        Assert.Contains("\"state\":\"ended\"", await later.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var late = await CallAsync(faas, "a-key", prefer: "respond-async, wait=5");
        Assert.Equal((HttpStatusCode.OK, "true"), (late.StatusCode, late.Header("Idempotency-Replayed")));

        foreach (var (body, path, prefer) in new[]
        {
            ("""{"input": 2}""", "math/add", null), ("{}", "math/add?version=1739000000", null), ("""{"priority": 2}""", "math/add", "respond-async"),
        })
        {
            using var other = await CallAsync(faas, "a-key", body, path, prefer);
            Assert.Contains("was sent before", await other.ProblemAsync(422, "idempotency_key_reused"), StringComparison.Ordinal);
        }

        Assert.Single(faas.Kept.All);
        using var apart = await CallAsync(faas, "another");
        Assert.Equal((HttpStatusCode.OK, 2), (apart.StatusCode, faas.Kept.All.Count));
    }

    [Fact]
    public async Task An_asynchronous_call_that_is_sent_again_after_an_upload_is_answered_with_the_version_of_its_run()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var first = await CallAsync(faas, "key", prefer: "respond-async");
        var newer = FaasUnderTest.Version with { Number = FaasUnderTest.Version.Number + 1 };
        faas.Live.Show(ScriptState.Empty("math/add").Apply(new VersionUploaded("math/add", newer)));
        using var again = await CallAsync(faas, "key", prefer: "respond-async");
        using var other = await CallAsync(faas, "another", prefer: "respond-async");
        Assert.Equal((HttpStatusCode.Accepted, first.Header("Location")), (again.StatusCode, again.Header("Location")));
        Assert.Equal(
            ("1739000000", "1739000000", "1739000001"),
            (first.Header("X-Script-Version"), again.Header("X-Script-Version"), other.Header("X-Script-Version")));
    }

    [Fact]
    public async Task An_asynchronous_call_is_told_how_far_its_run_has_come()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var seat = new KeptSeat("node", "start", 0);
        Assert.Equal("queued", await StateAsync("respond-async"));
        Assert.Equal("queued", await StateAsync("respond-async, wait=0"));
        var run = (await faas.Kept.TakeAsync(seat, default)).Run!;
        Assert.Equal("running", await StateAsync("respond-async"));
        Assert.Equal("running", await StateAsync("respond-async, wait=0"));
        await faas.Kept.EndAsync(seat, run.Id, KeptOutcome.Of(new KeptEnd { Reason = "ok" }), default);
        Assert.Equal("ended", await StateAsync("respond-async"));

        async Task<string> StateAsync(string prefer)
        {
            using var answer = await CallAsync(faas, "key", prefer: prefer);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return body.RootElement.GetProperty("state").GetString()!;
        }
    }

    [Fact]
    public async Task Recent_runs_show_the_status_of_the_answer_and_none_where_the_client_has_left()
    {
        using var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        (await CallAsync(faas, "one")).Dispose();
        await log.NextAsync("CallLog");
        var end = new TaskCompletionSource<object>();
        faas.OnSubmit(_ => end.Task);
        using var leaving = new CancellationTokenSource();
        var left = CallAsync(faas, "two", cancellation: leaving.Token);
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        if (run.RunId == faas.Kept.All[0].Id)
        {
            run = (await faas.Pool.Next<SubmitRun>()).Run;
        }

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await log.NextAsync("CallLog"); // the server has seen it leave
        end.SetResult(new RunEnded(run.RunId, FaasUnderTest.FortyTwo));
        List<string> seen = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                using var page = JsonDocument.Parse(await faas.Client.GetStringAsync("/api/v1/runs?state=ended"));
                seen = [.. page.RootElement.GetProperty("runs").EnumerateArray()
                    .Select(one => one.TryGetProperty("status", out var status) ? status.GetRawText() : "none")];
                return seen is ["none", "200"];
            },
            TimeSpan.FromSeconds(20),
            () => string.Join(", ", seen));
    }

    [Fact]
    public async Task While_the_run_goes_on_a_call_is_refused_or_waits_and_a_client_that_leaves_ends_nothing()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var end = new TaskCompletionSource<object>();
        faas.OnSubmit(_ => end.Task);
        using var leaving = new CancellationTokenSource();
        var first = CallAsync(faas, "key", cancellation: leaving.Token);
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        using var early = await CallAsync(faas, "key");
        Assert.Contains(run.RunId, await early.ProblemAsync(409, "idempotency_key_in_use"), StringComparison.Ordinal);
        Assert.Equal((true, TimeSpan.FromSeconds(1)), (early.Headers.Location is not null, early.Headers.RetryAfter!.Delta));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.False(early.Headers.Contains("Preference-Applied"));
        using var late = await CallAsync(faas, "key", prefer: "wait=0");
        await late.ProblemAsync(409, "idempotency_key_in_use");
        Assert.Equal("wait=0", late.Header("Preference-Applied"));
        var waiting = CallAsync(faas, "key", prefer: "wait=60");
        end.SetResult(new RunEnded(run.RunId, FaasUnderTest.FortyTwo));
        using var answer = await waiting;
        Assert.Equal("""{"data":42,"type":"number"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("wait=60", answer.Header("Preference-Applied"));
        Assert.Single(faas.Kept.All);
    }

    [Fact]
    public async Task Callers_and_scripts_have_keys_of_their_own()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys("other:invoke:other-0123456789ab"));
        faas.EndWith(FaasUnderTest.FortyTwo);
        foreach (var (key, count) in new[] { (Keys.Invoke, 1), ("other-0123456789ab", 2), (Keys.Invoke, 2) })
        {
            faas.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            using var answer = await CallAsync(faas, "key");
            Assert.Equal((HttpStatusCode.OK, count), (answer.StatusCode, faas.Kept.All.Count));
        }
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_refused()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { KeptRuns = options.KeptRuns with { ResultBytes = 1 } });
        foreach (var wrong in new[] { "", "two words", "a\\b", "\"a", new string('k', 256) })
        {
            using var refused = await CallAsync(faas, wrong);
            Assert.Contains("allowed are 1 to 255 characters of ASCII", await refused.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        }

        foreach (var body in new[] { """{"stream": true}""", """{"files": [{"name": "a", "text": "b"}]}""" })
        {
            using var refused = await CallAsync(faas, "key", body);
            Assert.Contains("A call with \"Idempotency-Key\" has no", await refused.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        }

        using var unkept = await CallAsync(faas, "key", """{"keep": false}""");
        Assert.Equal(
            "A call with \"Idempotency-Key\" is always kept; \"keep\" must not be false.", await unkept.ProblemAsync(400, "malformed"));
        using var none = await CallAsync(faas, "key", path: "math/none");
        await none.ProblemAsync(404, "not_found");
        faas.OnSubmit(run => new RunRefused(run.RunId, RefusalReason.QueueFull, TimeSpan.FromSeconds(1)));
        using var full = await CallAsync(faas, "key");
        await full.ProblemAsync(429, "queue_full");
        Assert.Empty(faas.Kept.All);

        faas.EndWith(FaasUnderTest.FortyTwo);
        using var large = await CallAsync(faas, "key");
        Assert.Equal("""{"data":42,"type":"number"}""", await large.Content.ReadAsStringAsync());
        using var gone = await CallAsync(faas, "key");
        Assert.Contains("has 2 bytes, and was not kept", await gone.ProblemAsync(409, "conflict"), StringComparison.Ordinal);
        faas.Kept.Failure = new StoreException("It is away.");
        using var away = await CallAsync(faas, "other");
        Assert.Contains("was not started", await away.ProblemAsync(503, "store"), StringComparison.Ordinal);
        faas.Kept.Failure = null;
    }

    [Fact]
    public async Task A_server_that_keeps_nothing_says_so()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { KeptRuns = options.KeptRuns with { Enabled = false } });
        using var refused = await CallAsync(faas, "key");
        await refused.ProblemAsync(501, "async_unsupported");
    }

    private static async Task<HttpResponseMessage> CallAsync(
        FaasUnderTest faas,
        string key,
        string body = "{}",
        string path = "math/add",
        string? prefer = null,
        CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/run/{path}")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        return await faas.Client.SendAsync(request, cancellation);
    }
}
