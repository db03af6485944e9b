using System.Net;
using System.Text.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Schedules;

/// <summary>Schedules over real sockets; the store is one in memory, and nothing fires.</summary>
public sealed class ScheduleApiTests
{
    private const string Route = "/api/v1/schedules";
    private const string Minimal = """{"path": "math/add", "cron": "* * * * *"}""";

    [Fact]
    public async Task A_schedule_is_made_shown_replaced_and_deleted()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var before = DateTimeOffset.UtcNow;
        using var made = await PutAsync(faas, "report", """
            {"path": "math/add", "version": "stable", "cron": "30 6 * * MON-FRI", "timeZone": "Europe/Berlin", "input": {"a": [1]},
             "priority": 9, "overlap": "cancel", "missed": "all"}
            """);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var record = await JsonAsync(made);
        Assert.Equal(("report", "math/add", "stable", "30 6 * * MON-FRI", "Europe/Berlin", """{"a": [1]}"""), (
            Text(record, "name"), Text(record, "path"), Text(record, "version"), Text(record, "cron"), Text(record, "timeZone"), Raw(record, "input")));
        Assert.Equal(("9", "true", "cancel", "all", """{"runs":0,"skipped":0,"missed":0,"failed":0}"""), (
            Raw(record, "priority"), Raw(record, "enabled"), Text(record, "overlap"), Text(record, "missed"), Raw(record, "counts")));
        Assert.Equal(CronTimes.Of("30 6 * * MON-FRI", "Europe/Berlin").After(before)!.Value.UtcDateTime, record.GetProperty("next").GetDateTime());
        Assert.False(record.TryGetProperty("last", out _));
        Assert.Equal(Raw(record, "counts"), Raw(await GetAsync(faas, $"{Route}/report"), "counts"));

        using var replaced = await PutAsync(faas, "report", """{"path": "math/add", "cron": "@daily", "enabled": false, "version": "latest"}""");
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        var second = await GetAsync(faas, $"{Route}/report");
        Assert.Equal(("UTC", "5", "false", "skip", "skip", "{}"), (
            Text(second, "timeZone"), Raw(second, "priority"), Raw(second, "enabled"), Text(second, "overlap"), Text(second, "missed"), Raw(second, "input")));
        Assert.False(second.TryGetProperty("next", out _) || second.TryGetProperty("version", out _));
        Assert.Equal(Raw(record, "createdAt"), Raw(second, "createdAt"));

        using var deleted = await faas.Client.DeleteAsync($"{Route}/report");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await faas.Client.GetAsync($"{Route}/report");
        Assert.Equal("There is no schedule \"report\".", await gone.ProblemAsync(404, "not_found"));
        using var again = await faas.Client.DeleteAsync($"{Route}/report");
        await again.ProblemAsync(404, "not_found");
    }

    [Theory]
    [InlineData("{}", "\"path\" is missing.")]
    [InlineData("""{"path": "math/add"}""", "\"cron\" is missing.")]
    [InlineData("""{"path": "/math", "cron": "* * * * *"}""", "\"path\" is \"/math\"; it must not contain empty segments")]
    [InlineData("""{"path": "math/add", "cron": "99 * * * *"}""", "\"cron\" is \"99 * * * *\"; it is no cron expression: ")]
    [InlineData("""{"path": "math/add", "cron": "0 0 31 2 *"}""", "\"cron\" is \"0 0 31 2 *\"; it names no time that ever comes.")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "timeZone": "Mars/Base"}""", "\"timeZone\" is \"Mars/Base\"; allowed is the IANA name")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "timeZone": "localtime"}""",
        "\"timeZone\" is \"localtime\"; allowed is the IANA name")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "timeZone": "posixrules"}""",
        "\"timeZone\" is \"posixrules\"; allowed is the IANA name")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "input": "\ud800"}""", "\"input\" contains half of a surrogate pair.")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "version": "a b"}""", "\"version\" is \"a b\"; allowed is a version's number")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "priority": 10}""", "\"priority\" is 10; allowed are whole numbers from 1 to 9.")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "enabled": "no"}""", "\"enabled\" must be true or false")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "overlap": "wait"}""", "\"overlap\" is \"wait\"; allowed are skip, queue, cancel.")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "missed": "twice"}""", "\"missed\" is \"twice\"; allowed are skip, once, all.")]
    [InlineData("""{"path": "math/add", "cron": "@daily", "timezone": "UTC"}""", "body: \"timezone\" is unknown; did you mean \"timeZone\"?")]
    public async Task What_cannot_be_is_refused_and_the_member_the_value_and_what_is_allowed_are_named(string body, string says)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var refused = await PutAsync(faas, "report", body);
        Assert.StartsWith(says, await refused.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        Assert.Null(await faas.Schedules.FindAsync("report", default));
    }

    [Fact]
    public async Task Names_inputs_and_counts_have_bounds()
    {
        await using var faas = await FaasUnderTest.StartAsync(options: options => options with
        {
            KeptRuns = options.KeptRuns with { InputBytes = 10 },
            Schedules = options.Schedules with { Count = 1 },
        });
        using var named = await PutAsync(faas, "a%20b", Minimal);
        Assert.StartsWith("\"name\" is \"a b\"; allowed are 1 to 64 letters", await named.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        using var large = await PutAsync(faas, "a", """{"path": "math/add", "cron": "@daily", "input": [1,2,3,4,5]}""");
        Assert.StartsWith("\"input\" has 11 bytes", await large.ProblemAsync(413, "too_large"), StringComparison.Ordinal);
        (await PutAsync(faas, "a", Minimal)).Dispose();
        using var full = await PutAsync(faas, "b", Minimal);
        Assert.Equal("There are 1 schedules already (faas.schedules.count).", await full.ProblemAsync(409, "conflict"));
    }

    [Fact]
    public async Task A_change_is_made_only_to_the_state_that_the_request_names()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var missing = await PutAsync(faas, "report", Minimal, ("If-Match", "*"));
        Assert.Contains("does not exist", await missing.ProblemAsync(412, "stale"), StringComparison.Ordinal);
        using var made = await PutAsync(faas, "report", Minimal, ("If-None-Match", "*"));
        var tag = made.Headers.ETag!.ToString();
        using var twice = await PutAsync(faas, "report", Minimal, ("If-None-Match", "*"));
        await twice.ProblemAsync(412, "stale");
        using var moved = await PutAsync(faas, "report", Minimal, ("If-Match", tag));
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        using var stale = await PutAsync(faas, "report", Minimal, ("If-Match", tag));
        Assert.Contains("has the entity tag", await stale.ProblemAsync(412, "stale"), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{Route}/report");
        request.Headers.Add("If-Match", tag);
        using var kept = await faas.Client.SendAsync(request);
        await kept.ProblemAsync(412, "stale");
    }

    [Fact]
    public async Task The_last_fire_is_shown_with_what_became_of_its_run()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        (await PutAsync(faas, "report", Minimal)).Dispose();
        await FireAsync(faas, null);
        var last = (await GetAsync(faas, $"{Route}/report")).GetProperty("last");
        Assert.Equal("queued", Text(last, "state"));
        var seat = new KeptSeat("node", "start", 0);
        var run = (await faas.Kept.TakeAsync(seat, default)).Run!;
        await faas.Kept.EndAsync(seat, run.Id, KeptOutcome.Of(new KeptEnd { Reason = "error", Detail = "ValueError: no" }), default);
        last = (await GetAsync(faas, $"{Route}/report")).GetProperty("last");
        Assert.Equal((run.Id, "ended", "error", "ValueError: no"), (
            Text(last, "run"), Text(last, "state"), Text(last, "reason"), Text(last, "detail")));
        var record = await GetAsync(faas, $"/api/v1/runs/{Uri.EscapeDataString(run.Id)}");
        Assert.Equal(("schedule", "report"), (Text(record, "via"), Text(record, "schedule")));
        var listed = (await GetAsync(faas, Route)).GetProperty("schedules")[0];
        Assert.Equal(run.Id, Text(listed.GetProperty("last"), "run"));
        Assert.False(listed.GetProperty("last").TryGetProperty("state", out _) || listed.TryGetProperty("input", out _));

        await FireAsync(faas, new FireFailure("not_found", "There is no script \"math/add\"."));
        var failed = await GetAsync(faas, $"{Route}/report");
        Assert.Equal("""{"runs":1,"skipped":0,"missed":0,"failed":1}""", Raw(failed, "counts"));
        Assert.Equal(("not_found", false), (Text(failed.GetProperty("last"), "reason"), failed.GetProperty("last").TryGetProperty("run", out _)));
    }

    [Fact]
    public async Task The_run_of_a_schedule_begins_when_a_caller_wants_it()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        (await PutAsync(faas, "report", """{"path": "math/add", "cron": "@yearly", "input": {"a": 1}, "priority": 2}""")).Dispose();
        using var begun = await faas.Client.PostAsync($"{Route}/report/run", null);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        var run = Assert.Single(faas.Kept.All);
        Assert.Equal((run.Id, $"/api/v1/runs/{Uri.EscapeDataString(run.Id)}"), (Text(await JsonAsync(begun), "id"), begun.Header("Location")));
        Assert.Equal((RunVia.Schedule, "report", 2, """{"a": 1}"""), (
            run.Call.Via, run.Call.Schedule, run.Call.Priority, System.Text.Encoding.UTF8.GetString(run.Input.Span)));
        Assert.Equal("0", Raw((await GetAsync(faas, $"{Route}/report")).GetProperty("counts"), "runs"));

        (await PutAsync(faas, "gone", """{"path": "math/none", "cron": "@yearly"}""")).Dispose();
        using var gone = await faas.Client.PostAsync($"{Route}/gone/run", null);
        Assert.Equal("There is no script \"math/none\".", await gone.ProblemAsync(404, "not_found"));
        using var none = await faas.Client.PostAsync($"{Route}/none/run", null);
        Assert.Equal("There is no schedule \"none\".", await none.ProblemAsync(404, "not_found"));
    }

    [Fact]
    public async Task A_server_that_keeps_no_runs_begins_none()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { KeptRuns = options.KeptRuns with { Enabled = false } });
        (await PutAsync(faas, "report", Minimal)).Dispose();
        using var refused = await faas.Client.PostAsync($"{Route}/report/run", null);
        await refused.ProblemAsync(501, "async_unsupported");
    }

    [Fact]
    public async Task Schedules_are_listed_page_by_page_by_name()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        foreach (var name in (string[])["b", "c", "a"])
        {
            (await PutAsync(faas, name, Minimal)).Dispose();
        }

        var first = await GetAsync(faas, $"{Route}?limit=2");
        var second = await GetAsync(faas, $"{Route}?limit=2&after={Text(first, "next")}");
        Assert.Equal(["a", "b", "c"], Names(first).Concat(Names(second)));
        Assert.False(second.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task A_key_sees_and_changes_the_schedules_of_its_scripts_and_needs_invoke_to_have_something_run()
    {
        const string math = "math-0123456789abc", jobs = "jobs-0123456789abc", runs = "both-0123456789abc";
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(
            $"math:read+write+invoke@math:{math}", $"jobs:read+write+invoke@jobs:{jobs}", $"both:write+invoke:{runs}"));
        Use(faas, Keys.Write);
        using var lacks = await PutAsync(faas, "report", Minimal);
        Assert.Contains("lacks the scope \"invoke\"", await lacks.ProblemAsync(403, "forbidden"), StringComparison.Ordinal);
        Use(faas, jobs);
        using var foreign = await PutAsync(faas, "report", Minimal);
        Assert.Contains("not for the script \"math/add\"", await foreign.ProblemAsync(403, "forbidden"), StringComparison.Ordinal);
        Use(faas, math);
        using var made = await PutAsync(faas, "report", Minimal);
        Assert.Equal("math", Text(await JsonAsync(made), "key"));

        Use(faas, jobs);
        Assert.Empty(Names(await GetAsync(faas, Route)));
        foreach (var (method, route) in new[]
        {
            (HttpMethod.Get, $"{Route}/report"), (HttpMethod.Delete, $"{Route}/report"), (HttpMethod.Post, $"{Route}/report/run"),
        })
        {
            using var hidden = await faas.Client.SendAsync(new HttpRequestMessage(method, route));
            await hidden.ProblemAsync(404, "not_found");
        }

        using var taken = await PutAsync(faas, "report", """{"path": "jobs/report", "cron": "@daily"}""");
        Assert.Contains("of another script", await taken.ProblemAsync(409, "conflict"), StringComparison.Ordinal);
        Use(faas, Keys.Write);
        using var run = await faas.Client.PostAsync($"{Route}/report/run", null);
        await run.ProblemAsync(403, "forbidden");
        using var deleted = await faas.Client.DeleteAsync($"{Route}/report");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Use(faas, runs);
        using var read = await faas.Client.GetAsync(Route);
        await read.ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task A_store_that_is_away_is_told()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Schedules.Failure = new StoreException("It is away.");
        using var put = await PutAsync(faas, "report", Minimal);
        Assert.Contains("not certain", await put.ProblemAsync(503, "store"), StringComparison.Ordinal);
        foreach (var route in (string[])[Route, $"{Route}/report"])
        {
            using var read = await faas.Client.GetAsync(route);
            await read.ProblemAsync(503, "store");
        }
    }

    private static async Task FireAsync(FaasUnderTest faas, FireFailure? failure)
    {
        var found = (await faas.Schedules.FindAsync("report", default))!;
        var due = found.Next!.Value;
        var call = new KeptCall
        {
            Path = "math/add", Version = 1, Language = Language.Python, Isolation = Isolation.Process, Via = RunVia.Schedule,
            Schedule = "report", Received = due, Priority = 5, InputBytes = 2,
        };
        var step = new FireStep(due, due, due.AddMinutes(1), 0);
        Assert.Equal(StepResult.Done, await faas.Schedules.StepAsync(found, step, failure is null ? call : null, failure, default));
    }

    private static async Task<HttpResponseMessage> PutAsync(
        FaasUnderTest faas, string name, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Route}/{name}")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        foreach (var (header, value) in headers)
        {
            request.Headers.Add(header, value);
        }

        return await faas.Client.SendAsync(request);
    }

    private static void Use(FaasUnderTest faas, string key) => faas.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

    private static async Task<JsonElement> GetAsync(FaasUnderTest faas, string route) =>
        JsonDocument.Parse(await faas.Client.GetStringAsync(route)).RootElement;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static IEnumerable<string> Names(JsonElement page) =>
        page.GetProperty("schedules").EnumerateArray().Select(schedule => Text(schedule, "name"));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Raw(JsonElement element, string name) => element.GetProperty(name).GetRawText();
}
