using System.Net;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

/// <summary>Asynchronous calls and their records over real sockets; the store is one in memory, and no worker executes anything.</summary>
public sealed class KeptRunTests
{
    private const string Runs = "/api/v1/runs";

    [Fact]
    public async Task An_asynchronous_call_is_answered_202_and_its_record_has_what_was_asked()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var answer = await AsyncAsync(faas, """{"input": {"a": 1}, "priority": 9, "notBefore": "2026-01-01T00:00:00+01:00"}""");
        Assert.Equal((HttpStatusCode.Accepted, "respond-async"), (answer.StatusCode, answer.Header("Preference-Applied")));
        Assert.Equal("1739000000", answer.Header("X-Script-Version"));
        var accepted = await JsonAsync(answer);
        var id = accepted.GetProperty("id").GetString()!;
        Assert.Equal(("queued", $"{Runs}/{Uri.EscapeDataString(id)}"), (accepted.GetProperty("state").GetString(), answer.Header("Location")));
        Assert.StartsWith($"{answer.Header("X-Call-Id")}~k", id, StringComparison.Ordinal);

        var record = await GetAsync(faas, answer.Header("Location"));
        Assert.Equal(("queued", """{"a": 1}""", true), (Text(record, "state"), Raw(record, "input"), record.GetProperty("kept").GetBoolean()));
        Assert.Equal(("math/add", 9, 0), (Text(record, "path"), Number(record, "priority"), Number(record, "attempt")));
        Assert.Equal("2025-12-31T23:00:00Z", Text(record, "notBefore"));
        Assert.Equal(("run", "python", "process"), (Text(record, "via"), Text(record, "language"), Text(record, "isolation")));
        Assert.Empty((await GetAsync(faas, Runs)).GetProperty("runs").EnumerateArray());
        Assert.DoesNotContain(faas.Pool.Rest(), message => message is SubmitRun);
    }

    [Fact]
    public async Task The_record_of_an_ended_run_has_its_value_its_output_and_the_status_of_a_call_that_had_waited()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var good = await EndedAsync(
            faas, new KeptEnd { Reason = "ok", ResultBytes = 3, Type = Actors.Runs.DataType.Number, RunSeconds = 0.5 }, "1.5");
        var record = await GetAsync(faas, $"{Runs}/{good}");
        Assert.Equal(("ended", "ok", 200, "1.5", "number"), (
            Text(record, "state"), Text(record, "reason"), Number(record, "status"), Raw(record, "result"), Text(record, "type")));
        var line = Assert.Single(record.GetProperty("log").EnumerateArray());
        Assert.Equal(("stderr", "größer"), (Text(line, "stream"), Text(line, "text")));
        Assert.True(record.GetProperty("logCut").GetBoolean());
        Assert.Equal(("node", 1, 0.5), (Text(record, "node"), Number(record, "attempt"), record.GetProperty("runSeconds").GetDouble()));

        foreach (var (reason, status) in new[] { ("timeout", 504), ("sandbox", 503), ("disabled", 409), ("not_found", 404) })
        {
            var ended = await EndedAsync(faas, new KeptEnd { Reason = reason }, "");
            Assert.Equal(status, Number(await GetAsync(faas, $"{Runs}/{ended}"), "status"));
        }

        var later = await GetAsync(faas, $"{Runs}/{await EndedAsync(faas, new KeptEnd { Reason = "of a later version" }, "")}");
        Assert.False(later.TryGetProperty("status", out _) || later.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task The_record_of_a_run_that_is_started_again_has_its_last_failure_while_it_waits_and_afterwards()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var seat = new KeptSeat("node", "start", 0);
        var id = Text(await JsonAsync(await AsyncAsync(faas, "{}")), "id");
        var run = (await faas.Kept.TakeAsync(seat, default)).Run!;
        var failed = KeptOutcome.Of(new KeptEnd { Reason = "timeout", Detail = "It took too long." });
        await faas.Kept.RetryAsync(seat, run, failed, TimeSpan.FromSeconds(2), default);
        var record = await GetAsync(faas, $"{Runs}/{id}");
        Assert.Equal(("queued", 1, "1970-01-01T00:00:02Z"), (Text(record, "state"), Number(record, "attempt"), Text(record, "retryAt")));
        Assert.Equal("""{"reason":"timeout","detail":"It took too long.","at":"1970-01-01T00:00:00Z"}""", Raw(record, "failure"));
        Assert.False(record.TryGetProperty("reason", out _) || record.TryGetProperty("node", out _) || record.TryGetProperty("dead", out _));

        await EndedAsync(faas, new KeptEnd { Reason = "error" }, "");
        record = await GetAsync(faas, $"{Runs}/{id}");
        Assert.Equal(("ended", 2, "error", true), (
            Text(record, "state"), Number(record, "attempt"), Text(record, "reason"), record.GetProperty("dead").GetBoolean()));
        Assert.Equal("timeout", Text(record.GetProperty("failure"), "reason"));
        Assert.False(record.TryGetProperty("retryAt", out _));
    }

    [Fact]
    public async Task The_record_says_what_the_run_hands_on_to_and_how_the_runs_of_a_chain_follow_one_another()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = Text(
            await JsonAsync(await AsyncAsync(faas, """
                {"then": {"success": "math/add@1739000000", "failure": {"path": "math/add", "version": "latest", "then": "math/add"}}}
                """)),
            "id");
        var record = await GetAsync(faas, $"{Runs}/{id}");
        Assert.Equal(
            """{"success":{"path":"math/add","version":"1739000000"},"failure":{"path":"math/add","then":{"success":{"path":"math/add"}}}}""",
            Raw(record, "then"));
        Assert.False(record.TryGetProperty("depth", out _) || record.TryGetProperty("previous", out _));

        var seat = new KeptSeat("node", "start", 0);
        var run = (await faas.Kept.TakeAsync(seat, default)).Run!;
        var call = run.Call with { Previous = id, Depth = 1, Then = null };
        var next = new KeptNext("call~k0123456789abcdef", call, "7"u8.ToArray(), ["", "", "", ""]);
        await faas.Kept.EndAsync(seat, id, KeptOutcome.Of(new KeptEnd { Reason = "ok" }) with { Next = next }, default);
        Assert.Equal(next.Id, Text(await GetAsync(faas, $"{Runs}/{id}"), "next"));
        record = await GetAsync(faas, $"{Runs}/{next.Id}");
        Assert.Equal((id, 1, "7"), (Text(record, "previous"), Number(record, "depth"), Raw(record, "input")));

        await faas.Kept.TakeAsync(seat, default);
        await faas.Kept.EndAsync(seat, next.Id, KeptOutcome.Of(new KeptEnd { Reason = "ok" }) with { NextRefused = "No." }, default);
        Assert.Equal("No.", Text(await GetAsync(faas, $"{Runs}/{next.Id}"), "nextRefused"));
    }

    [Fact]
    public async Task A_key_hands_on_only_to_scripts_that_it_is_for()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys($"mathematician:invoke@math:math-0123456789abcd"));
        Use(faas, "math-0123456789abcd");
        using var refused = await AsyncAsync(faas, """{"then": {"success": {"path": "math/add", "then": "ops/alert"}}}""");
        await refused.ProblemAsync(403, "forbidden");
        using var accepted = await AsyncAsync(faas, """{"then": "math/add"}""");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [Fact]
    public async Task A_value_that_is_nested_deeply_is_told_as_it_is()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var deep = new string('[', 500) + new string(']', 500);
        var id = await EndedAsync(faas, new KeptEnd { Reason = "ok" }, deep);
        Assert.Contains($"\"result\":{deep}", await faas.Client.GetStringAsync($"{Runs}/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_run_is_refused_at_once_and_leaves_no_record()
    {
        await using var faas = await FaasUnderTest.StartAsync(options: options => options with
        {
            KeptRuns = options.KeptRuns with { InputBytes = 10, Queue = 7, QueuePerPath = 5 },
        });
        foreach (var (path, body, status, reason, says) in new[]
        {
            ("math/none", "{}", 404, "not_found", "There is no script \"math/none\"."),
            ("math/add?version=7", "{}", 404, "not_found", "There is no version 7"),
            ("math/add", """{"input": "[1,2,3,4,5,6]"}""", 413, "too_large", "\"input\" has 13 bytes; that of a kept run may have 10"),
            ("math/add", """{"stream": true}""", 400, "malformed", "An asynchronous call has no \"stream\"."),
            ("math/add", """{"files": [{"name": "a", "text": "b"}]}""", 400, "malformed", "An asynchronous call brings no files."),
            ("math/add", """{"keep": false}""", 400, "malformed", "An asynchronous call is always kept; \"keep\" must not be false."),
            ("math/add", """{"priority": 0}""", 400, "malformed", "\"priority\" is 0; allowed are whole numbers from 1 to 9."),
            ("math/add", """{"priority": 2.5}""", 400, "malformed", "\"priority\" is 2.5; allowed are"),
            ("math/add", """{"notBefore": "tomorrow"}""", 400, "malformed", "\"notBefore\" is \"tomorrow\"; allowed is a time"),
            ("math/add", """{"notBefore": "2026-02-08T07:33:21"}""", 400, "malformed", "\"notBefore\" is \"2026-02-08T07:33:21\"; allowed"),
            ("math/add", """{"then": "math/none"}""", 404, "not_found", "There is no script \"math/none\"."),
            ("math/add", """{"then": {"failure": {"path": "math/add", "then": "math/none"}}}""", 404, "not_found", "There is no script \"math/none\"."),
            ("math/add", """{"then": 7}""", 400, "malformed", "\"then\" must be the path of a script, or an object with \"success\", \"failure\" or both, not a number."),
            ("math/add", """{"then": {}}""", 400, "malformed", "\"then\" has neither \"success\" nor \"failure\"."),
            ("math/add", """{"then": {"path": "a"}}""", 400, "malformed", "\"then\" has \"path\" twice, or in a place where it has no meaning; allowed there are success, failure"),
            ("math/add", """{"then": {"success": {"version": 7}}}""", 400, "malformed", "A destination in \"then\" lacks \"path\"."),
            ("math/add", """{"then": {"success": []}}""", 400, "malformed", "A destination in \"then\" must be the path of a script, or an object with \"path\", not an array."),
            ("math/add", """{"then": "a//b"}""", 400, "malformed", "The path \"a//b\" in \"then\" must not contain empty segments"),
            ("math/add", """{"then": "a@!"}""", 400, "malformed", "The version \"!\" in \"then\" is none; allowed is a version's number"),
            ("math/add", $"{{\"then\": {Nested(11)}}}", 400, "malformed", "\"then\" is nested 11 levels deep; allowed are 10 (faas.runs.kept.chain-depth)."),
            ("math/add", $"{{\"then\": {Nested(101)}}}", 400, "malformed", "\"then\" is nested deeper than 100 levels."),
            ("math/add", """{"notBefore": "2126-02-08T07:33:21Z"}""", 400, "malformed", "\"notBefore\" is \"2126-02-08T07:33:21Z\"; allowed"),
        })
        {
            using var refused = await AsyncAsync(faas, body, path);
            Assert.StartsWith(says, await refused.ProblemAsync(status, reason), StringComparison.Ordinal);
        }

        Assert.Empty(faas.Kept.All);
        foreach (var (acceptance, says) in new[]
        {
            (KeptAcceptance.QueueFull, "7 asynchronous runs wait already"), (KeptAcceptance.PathFull, "5 asynchronous runs of the script"),
            (KeptAcceptance.StoreFull, "The inputs of the asynchronous runs that wait take too much"),
        })
        {
            faas.Kept.Acceptance = acceptance;
            using var full = await AsyncAsync(faas, "{}");
            Assert.StartsWith(says, await full.ProblemAsync(429, "queue_full"), StringComparison.Ordinal);
            Assert.NotNull(full.Headers.RetryAfter);
        }

        faas.Kept.Failure = new StoreException("It is away.");
        using var away = await AsyncAsync(faas, "{}");
        Assert.Contains("not certain", await away.ProblemAsync(503, "store"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_asynchronous_calls_have_a_priority_and_a_time_and_other_preferences_change_nothing()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var priority = await faas.PostAsync("/run/math/add", """{"priority": 3}""");
        Assert.StartsWith("\"priority\" is for asynchronous calls", await priority.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        using var later = await faas.PostAsync("/run/math/add", """{"notBefore": "2026-02-08T07:33:21Z"}""");
        Assert.StartsWith("\"notBefore\" is for asynchronous calls", await later.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        using var then = await faas.PostAsync("/run/math/add", """{"then": "math/add"}""");
        Assert.StartsWith("\"then\" is for asynchronous calls", await then.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        faas.Client.DefaultRequestHeaders.Add("Prefer", "return=minimal");
        using var usual = await faas.PostAsync("/run/math/add", "{}");
        Assert.Equal(HttpStatusCode.OK, usual.StatusCode);
    }

    [Fact]
    public async Task A_run_that_ends_in_time_is_answered_as_a_call_and_one_that_does_not_202()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var seat = new KeptSeat("node", "start", 0);
        foreach (var (end, result, status, body) in new[]
        {
            (new KeptEnd { Reason = "ok", Type = Actors.Runs.DataType.Number, Start = Actors.Runs.Warmth.Warm }, "42", 200, "{\"data\":42,\"type\":\"number\"}"),
            (new KeptEnd { Reason = "error", Detail = "ValueError: no", Start = Actors.Runs.Warmth.Warm }, "", 500, "ValueError: no"),
            (new KeptEnd { Reason = "disabled", Detail = "It is disabled." }, "", 409, "It is disabled."),
            (new KeptEnd { Reason = "ok", ResultBytes = 9, ResultCut = true }, "", 202, "ended"),
        })
        {
            var answering = AsyncAsync(faas, "{}", prefer: "respond-async, wait=60");
            KeptTurn turn;
            while ((turn = await faas.Kept.TakeAsync(seat, default)).Run is null)
            {
                await Task.Delay(5);
            }

            Assert.False(answering.IsCompleted);
            var outcome = KeptOutcome.Of(end) with { Result = System.Text.Encoding.UTF8.GetBytes(result) };
            await faas.Kept.EndAsync(seat, turn.Run!.Id, outcome, default);
            using var answer = await answering;
            Assert.Equal((status, "respond-async, wait=60"), ((int)answer.StatusCode, answer.Header("Preference-Applied")));
            Assert.Contains(body, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal($"{Runs}/{Uri.EscapeDataString(turn.Run.Id)}", answer.Header("Location"));
        }

        using var late = await AsyncAsync(faas, "{}", prefer: "wait=0, respond-async");
        Assert.Equal((HttpStatusCode.Accepted, "queued"), (late.StatusCode, Text(await JsonAsync(late), "state")));
    }

    [Fact]
    public async Task A_call_that_only_says_how_long_it_waits_is_asynchronous_where_it_may_be()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(FaasUnderTest.FortyTwo);
        using var later = await AsyncAsync(faas, """{"priority": 9, "keep": true}""", prefer: "wait=0");
        Assert.Equal((HttpStatusCode.Accepted, "wait=0"), (later.StatusCode, later.Header("Preference-Applied")));
        Assert.Equal(9, Number(await GetAsync(faas, later.Header("Location")), "priority"));
        foreach (var body in new[] { """{"stream": true}""", """{"files": [{"name": "a", "text": "b"}]}""", """{"keep": false}""" })
        {
            using var usual = await AsyncAsync(faas, body, prefer: "wait=0");
            Assert.Equal((HttpStatusCode.OK, false), (usual.StatusCode, usual.Headers.Contains("Preference-Applied")));
        }

        Assert.Single(faas.Kept.All);
        await using var keepsNone = await FaasUnderTest.StartAsync(
            options: options => options with { KeptRuns = options.KeptRuns with { Enabled = false } });
        keepsNone.EndWith(FaasUnderTest.FortyTwo);
        using var unkept = await AsyncAsync(keepsNone, "{}", prefer: "wait=0");
        Assert.Equal((HttpStatusCode.OK, false), (unkept.StatusCode, unkept.Headers.Contains("Preference-Applied")));
    }

    [Fact]
    public async Task A_call_that_is_kept_is_answered_as_any_other_and_leaves_a_record()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(run => new Actors.Runs.Reply.RunEnded(run.RunId, FaasUnderTest.FortyTwo with { Logs = "printed\n" }));
        using var answer = await faas.PostAsync("/run/math/add", """{"input": {"a": 1}, "keep": true}""");
        Assert.Equal("""{"data":42,"type":"number"}""", await answer.Content.ReadAsStringAsync());
        var record = await GetAsync(faas, answer.Header("Location"));
        Assert.Equal(("ended", "ok", "42", """{"a": 1}"""), (
            Text(record, "state"), Text(record, "reason"), Raw(record, "result"), Raw(record, "input")));
        Assert.Equal("printed", Text(Assert.Single(record.GetProperty("log").EnumerateArray()), "text"));

        faas.OnSubmit(run => new Actors.Runs.Reply.RunRefused(
            run.RunId, Actors.Runs.Reply.RefusalReason.QueueFull, TimeSpan.FromSeconds(1)));
        using var full = await faas.PostAsync("/run/math/add", """{"keep": true}""");
        await full.ProblemAsync(429, "queue_full");
        Assert.Equal("queue_full", Text(await GetAsync(faas, full.Header("Location")), "reason"));

        faas.EndWith(FaasUnderTest.FortyTwo);
        faas.Kept.Failure = new StoreException("It is away.");
        using var away = await faas.PostAsync("/run/math/add", """{"keep": true}""");
        Assert.Equal(HttpStatusCode.OK, away.StatusCode);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await faas.PostAsync("/run/math/add", """{"keep": true}""");
                return answer.Headers.TryGetValues("X-Warnings", out var warnings)
                    && warnings.Single().Contains("written later", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30),
            () => "no call is told that the store is away");
        using var unwritten = await faas.Client.GetAsync(away.Headers.Location);
        Assert.Contains("not written yet", await unwritten.ProblemAsync(503, "store"), StringComparison.Ordinal);
        faas.Kept.Failure = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                using var record = await faas.Client.GetAsync(away.Headers.Location);
                return record.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(30),
            () => "it is not written");
        using var none = await faas.PostAsync("/run/math/none", """{"keep": true}""");
        await none.ProblemAsync(404, "not_found");
        Assert.DoesNotContain(faas.Kept.All, run => run.Call.Path == "math/none");
    }

    [Fact]
    public async Task A_stream_that_is_kept_has_the_events_of_its_run_and_one_that_is_refused_leaves_none()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(FaasUnderTest.FortyTwo);
        using var answer = await faas.PostAsync("/run/math/add", """{"keep": true, "stream": true}""");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var events = await faas.Client.GetStringAsync($"{answer.Header("Location")}/events");
        Assert.Equal(
            "id: 0\ndata: {\"event\":\"state\",\"data\":\"running\",\"type\":\"text\"}\n\n" + await answer.Content.ReadAsStringAsync(),
            events);
        Assert.Contains("\"data\":42", events, StringComparison.Ordinal);

        faas.OnSubmit(run => new Actors.Runs.Reply.RunRefused(
            run.RunId, Actors.Runs.Reply.RefusalReason.QueueFull, TimeSpan.FromSeconds(1)));
        using var full = await faas.PostAsync("/run/math/add", """{"keep": true, "stream": true}""");
        await full.ProblemAsync(429, "queue_full");
        Assert.Null(full.Headers.Location);
        faas.Kept.Failure = new StoreException("It is away.");
        using var away = await faas.PostAsync("/run/math/add", """{"keep": true, "stream": true}""");
        Assert.Contains("was not started", await away.ProblemAsync(503, "store"), StringComparison.Ordinal);
        faas.Kept.Failure = null;
        Assert.Single(faas.Kept.All, run => run.Stage == RunStage.Ended);
    }

    [Fact]
    public async Task The_settings_of_a_version_say_whether_calls_are_kept_that_do_not_say_it_themselves()
    {
        var version = FaasUnderTest.Version with
        {
            Settings = FaasUnderTest.Version.Settings with { Keep = true, Retention = new RunRetention(3) },
        };
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Live.Show(ScriptState.Empty("math/add").Apply(new VersionUploaded("math/add", version)));
        faas.EndWith(FaasUnderTest.FortyTwo);
        using var kept = await faas.PostAsync("/run/math/add", "{}");
        var record = await GetAsync(faas, kept.Header("Location"));
        Assert.Equal("ok", Text(record, "reason"));
        Assert.Equal(new RunRetention(3), Assert.Single(faas.Kept.All).Call.Retention);
        using var streamed = await faas.PostAsync("/run/math/add", """{"stream": true}""");
        Assert.NotNull(streamed.Headers.Location);
        using var unkept = await faas.PostAsync("/run/math/add", """{"keep": false}""");
        Assert.Null(unkept.Headers.Location);
        Assert.Equal(2, faas.Kept.All.Count);

        await using var keepsNone = await FaasUnderTest.StartAsync(
            options: options => options with { KeptRuns = options.KeptRuns with { Enabled = false } });
        keepsNone.Live.Show(ScriptState.Empty("math/add").Apply(new VersionUploaded("math/add", version)));
        using var told = await keepsNone.PostAsync("/run/math/add", "{}");
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        Assert.Contains("faas.runs.kept.enabled", told.Header("X-Warnings"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_none_says_so()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { KeptRuns = options.KeptRuns with { Enabled = false } });
        using var refused = await AsyncAsync(faas, "{}");
        Assert.Contains("faas.runs.kept.enabled", await refused.ProblemAsync(501, "async_unsupported"), StringComparison.Ordinal);
        using var unkept = await faas.PostAsync("/run/math/add", """{"keep": true}""");
        await unkept.ProblemAsync(501, "async_unsupported");
    }

    [Fact]
    public async Task Kept_runs_are_listed_page_by_page_with_filters()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        for (var run = 0; run < 3; run++)
        {
            (await AsyncAsync(faas, "{}")).Dispose();
        }

        await EndedAsync(faas, new KeptEnd { Reason = "error" }, ""); // of the oldest
        var all = faas.Kept.All.Reverse().Select(run => run.Id).ToList();
        var first = await GetAsync(faas, $"{Runs}?kept=true&limit=2");
        var next = Text(first, "next");
        var second = await GetAsync(faas, $"{Runs}?kept=true&limit=2&after={next}");
        Assert.Equal(all, Ids(first).Concat(Ids(second)));
        Assert.False(second.TryGetProperty("next", out _));
        Assert.Equal(20000, Number(first.GetProperty("kept"), "runs"));
        Assert.False(first.GetProperty("runs")[0].TryGetProperty("input", out _));
        Assert.Equal(all[^1..], Ids(await GetAsync(faas, $"{Runs}?kept=true&reason=error")));
        Assert.Equal(all[..^1], Ids(await GetAsync(faas, $"{Runs}?kept=true&state=queued&path=math")));
        Assert.Empty(Ids(await GetAsync(faas, $"{Runs}?kept=true&path=other")));
        using var ofNoKept = await faas.Client.GetAsync($"{Runs}?schedule=report");
        Assert.StartsWith("\"schedule\" is for kept runs", await ofNoKept.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        Assert.Empty(Ids(await GetAsync(faas, $"{Runs}?kept=true&schedule=report")));
        var scheduled = faas.Kept.All[0].Call with { Schedule = "report" };
        await faas.Kept.AcceptAsync("report-1~k0123456789abcdef", scheduled, default, default);
        Assert.Equal(["report-1~k0123456789abcdef"], Ids(await GetAsync(faas, $"{Runs}?kept=true&schedule=report")));
        foreach (var reason in new[] { "not_found", "disabled" })
        {
            Assert.Empty(Ids(await GetAsync(faas, $"{Runs}?kept=true&reason={reason}")));
        }

        using var foreign = await faas.Client.GetAsync($"{Runs}?limit=2&after={next}");
        Assert.Contains("cursor of another list", await foreign.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        using var wrong = await faas.Client.GetAsync($"{Runs}?kept=yes");
        Assert.Contains("allowed are true and false", await wrong.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        faas.Kept.Failure = new StoreException("It is away.");
        using var away = await faas.Client.GetAsync($"{Runs}?kept=true");
        await away.ProblemAsync(503, "store");
    }

    [Fact]
    public async Task A_key_sees_and_cancels_what_it_has_started_and_others_as_their_scopes_and_paths_say()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(
            $"watcher:runs:{Keys.Runs}", "other:invoke:other-0123456789ab", "far:runs@other:far-0123456789abcd",
            "near:runs@math:near-0123456789ab", "both:invoke+runs@math:both-0123456789ab", "away:invoke+runs@other:away-0123456789ab"));
        Use(faas, Keys.Invoke);
        var id = (await JsonAsync(await AsyncAsync(faas, "{}"))).GetProperty("id").GetString()!;
        var route = $"{Runs}/{id}";
        foreach (var (key, sees) in new[]
        {
            (Keys.Invoke, 200), (Keys.Runs, 200), (Keys.Admin, 200), ("near-0123456789ab", 200), ("both-0123456789ab", 200),
            ("other-0123456789ab", 404), ("far-0123456789abcd", 404), (Keys.Write, 403),
        })
        {
            Use(faas, key);
            using var seen = await faas.Client.GetAsync(route);
            Assert.Equal((key, sees), (key, (int)seen.StatusCode));
        }

        Use(faas, "both-0123456789ab");
        using var foreign = await faas.Client.DeleteAsync(route);
        Assert.Equal(
            $"The key \"both\" may see the run \"{id}\", which another caller has started; to cancel it, it lacks the scope \"admin\".",
            await foreign.ProblemAsync(403, "forbidden"));
        foreach (var (key, status) in new[]
        {
            ("away-0123456789ab", 404), ("other-0123456789ab", 404), ("far-0123456789abcd", 403), (Keys.Runs, 403), (Keys.Invoke, 200),
            (Keys.Invoke, 409), (Keys.Admin, 409),
        })
        {
            Use(faas, key);
            using var cancelled = await faas.Client.DeleteAsync(route);
            Assert.Equal((key, status), (key, (int)cancelled.StatusCode));
        }

        Use(faas, Keys.Invoke);
        using var recent = await faas.Client.GetAsync($"{Runs}/call~7");
        Assert.Contains("lacks the scope \"runs\"", await recent.ProblemAsync(403, "forbidden"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_waits_is_cancelled_at_once_and_an_unknown_one_is_not_found()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = (await JsonAsync(await AsyncAsync(faas, "{}"))).GetProperty("id").GetString()!;
        using var cancelled = await faas.Client.DeleteAsync($"{Runs}/{id}");
        var record = await JsonAsync(cancelled);
        Assert.Equal(("ended", "cancelled", 0), (Text(record, "state"), Text(record, "reason"), Number(record, "attempt")));
        using var again = await faas.Client.DeleteAsync($"{Runs}/{id}");
        Assert.Equal($"The run \"{id}\" has ended already.", await again.ProblemAsync(409, "conflict"));
        using var unknown = await faas.Client.DeleteAsync($"{Runs}/call~7");
        Assert.StartsWith("No run \"call~7\" is kept", await unknown.ProblemAsync(404, "not_found"), StringComparison.Ordinal);
        using var gone = await faas.Client.GetAsync($"{Runs}/call~k0123456789abcdef");
        await gone.ProblemAsync(404, "not_found");
    }

    private static async Task<HttpResponseMessage> AsyncAsync(FaasUnderTest faas, string body, string path = "math/add", string prefer = "respond-async")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/run/{path}")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", prefer);
        return await faas.Client.SendAsync(request);
    }

    // The oldest that waits, or a new one, ends so.
    private static async Task<string> EndedAsync(FaasUnderTest faas, KeptEnd end, string result)
    {
        if (faas.Kept.All.All(run => run.Stage != RunStage.Queued))
        {
            (await AsyncAsync(faas, "{}")).Dispose();
        }

        var seat = new KeptSeat("node", "start", 0);
        var run = (await faas.Kept.TakeAsync(seat, default)).Run!;
        KeptLine[] lines = [new(Actors.Runs.Output.OutputStream.Stderr, "größer")];
        var output = new KeptRest([new KeptPiece(2, 24, lines)], 2); // the first line is not kept
        await faas.Kept.EndAsync(seat, run.Id, new KeptOutcome(end, System.Text.Encoding.UTF8.GetBytes(result), output), default);
        return run.Id;
    }

    // A chain of this number of destinations.
    private static string Nested(int levels) => Enumerable.Range(0, levels).Aggregate(
        "", (inner, _) => $"{{\"success\": {{\"path\": \"math/add\"{(inner.Length == 0 ? "" : $", \"then\": {inner}")}}}}}");

    private static void Use(FaasUnderTest faas, string key) => faas.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

    private static async Task<JsonElement> GetAsync(FaasUnderTest faas, string route) =>
        JsonDocument.Parse(await faas.Client.GetStringAsync(route)).RootElement;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static IEnumerable<string> Ids(JsonElement page) => page.GetProperty("runs").EnumerateArray().Select(run => Text(run, "id"));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Raw(JsonElement element, string name) => element.GetProperty(name).GetRawText();

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
