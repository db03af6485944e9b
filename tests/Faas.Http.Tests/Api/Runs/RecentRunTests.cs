using System.Globalization;
using System.Net;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

/// <summary>Recent runs over real sockets; the pool answers what the test says.</summary>
public sealed class RecentRunTests
{
    private const string Code = """{"language": "python", "code": "return 42", "input": {"a": 1}}""";

    [Fact]
    public async Task A_run_is_shown_with_everything_that_is_known_of_it()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Pool.Answer = Failing;
        faas.Client.DefaultRequestHeaders.Add("X-Call-Id", "mine");
        using var answer = await faas.PostAsync("/run/math/add?version=1739000000", """{"input": {"a": 1}}""");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);

        var run = (await SettledAsync(faas, "/api/v1/runs")).GetProperty("runs")[0];
        Assert.Equal(("mine", "run", "math/add"), (Text(run, "call"), Text(run, "via"), Text(run, "path")));
        Assert.Equal(1_739_000_000, run.GetProperty("version").GetInt64());
        Assert.Equal(
            ("python", "process", "ended", "warm"), (Text(run, "language"), Text(run, "isolation"), Text(run, "state"), Text(run, "start")));
        Assert.Equal(("error", 500, "ValueError: no"), (Text(run, "reason"), run.GetProperty("status").GetInt32(), Text(run, "detail")));
        Assert.Equal((8, 0), (run.GetProperty("inputBytes").GetInt32(), run.GetProperty("resultBytes").GetInt32()));
        Assert.Equal(4096, run.GetProperty("memoryBytes").GetInt64());
        Assert.Equal(0.25, run.GetProperty("cpuSeconds").GetDouble());
        var times = new[] { "received", "queued", "started", "ended" }.Select(name => Text(run, name)!).ToList();
        Assert.All(times, time => Assert.EndsWith("Z", time, StringComparison.Ordinal));
        Assert.Equal(times.Select(Time).Order(), times.Select(Time));
        Assert.False(run.TryGetProperty("log", out _) || run.TryGetProperty("key", out _) || run.TryGetProperty("stream", out _));

        var detail = await JsonAsync(faas, $"/api/v1/runs/{Uri.EscapeDataString(Text(run, "id")!)}");
        Assert.Equal("""[{"stream":"stdout","text":"adding"},{"stream":"stderr","text":"care"}]""", detail.GetProperty("log").GetRawText());
        var error = detail.GetProperty("error");
        Assert.Equal(("ValueError", "no", "mine"), (Text(error, "name"), Text(error, "message"), Text(detail, "call")));
        using var unknown = await faas.Client.GetAsync("/api/v1/runs/mine~0");
        Assert.StartsWith("No run \"mine~0\" is known;", await unknown.ProblemAsync(404, "not_found"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_door_is_told_and_so_is_what_never_ran()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Pool.Answer = message => message is SubmitRun { Run: { Queue: "math/add", Stream: true } run }
            ? new RunRefused(run.RunId, RefusalReason.QueueFull, TimeSpan.FromSeconds(1))
            : FaasUnderTest.AnswerOfPool(message);
        using (await faas.PostAsync("/run/math/add", "{}"))
        using (await faas.PostAsync("/run-now", Code))
        using (await faas.Client.GetAsync("/http/math/add"))
        using (await faas.PostAsync("/run/math/add", """{"stream": true}"""))
        using (await faas.PostAsync("/run-now", """{"language": "typescript", "code": "@@"}"""))
        using (await faas.PostAsync("/run/no/such", "{}"))
        {
        }

        var runs = (await SettledAsync(faas, "/api/v1/runs")).GetProperty("runs").EnumerateArray().Reverse().ToList();
        Assert.Equal(["run", "run_now", "function", "run", "run_now"], runs.Select(run => Text(run, "via")).Take(5));
        Assert.Equal((5, "/run-now"), (runs.Count, Text(runs[1], "path")));
        var refused = runs[3];
        Assert.Equal(
            ("queue_full", 429, true),
            (Text(refused, "reason"), refused.GetProperty("status").GetInt32(), refused.GetProperty("stream").GetBoolean()));
        Assert.False(runs[3].TryGetProperty("started", out _) || runs[3].TryGetProperty("start", out _));

        var failed = await JsonAsync(faas, "/api/v1/runs?reason=queue_full,timeout&path=math");
        Assert.Equal("queue_full", Text(Assert.Single(failed.GetProperty("runs").EnumerateArray()), "reason"));
        var activity = await JsonAsync(faas, "/api/v1/runs/activity?minutes=3&path=math");
        var script = Assert.Single(activity.GetProperty("scripts").EnumerateArray());
        Assert.Equal((3, 1), (script.GetProperty("runs").GetInt32(), script.GetProperty("failed").GetInt32()));
        Assert.Equal(3, script.GetProperty("series").GetProperty("runs").EnumerateArray().Sum(runs => runs.GetInt32()));
        Assert.Equal("queue_full", Text(script.GetProperty("failures")[0], "reason"));
        Assert.Equal((3, "Z"), (activity.GetProperty("buckets").GetInt32(), Text(activity, "from")![^1..]));
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_a_cursor_is_good_for_its_list_alone()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            using var answer = await faas.PostAsync("/run/math/add", "{}");
        }

        var first = await JsonAsync(faas, "/api/v1/runs?limit=2&path=math");
        var next = Text(first, "next");
        var second = await JsonAsync(faas, $"/api/v1/runs?limit=2&path=math&after={next}");
        var third = await JsonAsync(faas, $"/api/v1/runs?limit=2&path=math&after={Text(second, "next")}");
        var all = new[] { first, second, third }.SelectMany(page => page.GetProperty("runs").EnumerateArray());
        Assert.Equal(5, all.Select(run => Text(run, "id")).Distinct().Count());
        Assert.False(third.TryGetProperty("next", out _));
        Assert.Equal(1000, first.GetProperty("kept").GetProperty("runs").GetInt32());
        using var other = await faas.Client.GetAsync($"/api/v1/runs?after={next}");
        Assert.Contains("a cursor of another list", await other.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reason=error,broken", "\"reason\" has \"broken\"; allowed are ok, error, syntax, dependencies, exit, signal, oom, timeout, output_limit, cancelled, sandbox, queue_full, queue_timeout, draining, secret, image, network_unsupported, store, not_found, disabled.")]
    [InlineData("state=done", "\"state\" has \"done\"; allowed are waiting, running, queued, ended.")]
    [InlineData("via=mcp", "\"via\" has \"mcp\"; allowed are run, run_now, function, tool, schedule.")]
    [InlineData("version=latest", "\"version\" is \"latest\"; allowed is a version's number.")]
    [InlineData("path=a//b", "\"path\" must not contain empty segments, nor start or end with a slash.")]
    [InlineData("limit=0", "\"limit\" is \"0\"; allowed are whole numbers from 1 to 1000.")]
    [InlineData("start=warm&start=cold", "\"start\" is given more than once.")]
    public async Task What_no_run_can_be_is_refused(string query, string detail)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        foreach (var route in new[] { "/api/v1/runs", "/api/v1/runs/events" })
        {
            using var response = await faas.Client.GetAsync($"{route}?{query}");
            Assert.Equal(detail, await response.ProblemAsync(400, "malformed"));
        }
    }

    [Fact]
    public async Task A_key_sees_the_runs_of_its_scripts_and_needs_the_scope()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(
            $"watcher:runs+read:{Keys.Runs}", "other:runs+read@others:others-0123456789", "team:runs+read@math:team-0123456789ab"));
        using (await SendAsync(faas, Keys.Invoke, HttpMethod.Post, "/run/math/add"))
        using (await SendAsync(faas, Keys.Execute, HttpMethod.Post, "/run-now", Code))
        {
        }

        Assert.Equal((2, 2), await SeenAsync(Keys.Runs));
        Assert.Equal((2, 2), await SeenAsync(Keys.Admin));
        Assert.Equal((1, 1), await SeenAsync("team-0123456789ab"));
        Assert.Equal((0, 0), await SeenAsync("others-0123456789"));
        using var mine = await SendAsync(faas, Keys.Runs, HttpMethod.Get, "/api/v1/runs?key=runner");
        var run = (await mine.Content.ReadAsStringAsync())!;
        var id = JsonDocument.Parse(run).RootElement.GetProperty("runs")[0].GetProperty("id").GetString();
        using var theirs = await SendAsync(faas, "others-0123456789", HttpMethod.Get, $"/api/v1/runs/{id}");
        await theirs.ProblemAsync(404, "not_found");
        foreach (var route in new[] { "/api/v1/runs", $"/api/v1/runs/{id}", "/api/v1/runs/events" })
        {
            using var refused = await SendAsync(faas, Keys.Read, HttpMethod.Get, route);
            await refused.ProblemAsync(403, "forbidden");
        }

        async Task<(int Runs, int Scripts)> SeenAsync(string key)
        {
            using var list = await SendAsync(faas, key, HttpMethod.Get, "/api/v1/runs");
            using var activity = await SendAsync(faas, key, HttpMethod.Get, "/api/v1/runs/activity");
            return (await CountAsync(list, "runs"), await CountAsync(activity, "scripts"));
        }
    }

    [Fact]
    public async Task A_watcher_gets_the_runs_and_then_each_change_and_goes_on_where_it_was()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var slow = new TaskCompletionSource<object>();
        faas.Pool.Answer = message => message is SubmitRun { Run: { Queue: Run.RunNowQueue } run } submit
            ? Leased(submit, slow.Task.ContinueWith(_ => (object)new RunEnded(run.RunId, FaasUnderTest.FortyTwo), TaskScheduler.Default))
            : FaasUnderTest.AnswerOfPool(message);
        using (await faas.PostAsync("/run/math/add", "{}"))
        {
        }

        await SettledAsync(faas, "/api/v1/runs");
        string lastId;
        using (var watcher = await WatchAsync(faas, null))
        {
            var (first, _) = await watcher.NextAsync();
            Assert.Equal(("runs", 1), (Text(first, "event"), first.GetProperty("runs").GetArrayLength()));
            Assert.False(first.TryGetProperty("skipped", out _));
            var running = faas.PostAsync("/run-now", Code);
            var (begun, id) = await watcher.UntilAsync(run => Text(run, "state") == "running");
            Assert.Equal("/run-now", Text(begun, "path"));
            lastId = id!;
            slow.SetResult(1);
            using (await running)
            {
            }

            var (ended, _) = await watcher.UntilAsync(run => Text(run, "state") == "ended");
            Assert.Equal((Text(begun, "id"), "ok", 200), (Text(ended, "id"), Text(ended, "reason"), ended.GetProperty("status").GetInt32()));
        }

        using var again = await WatchAsync(faas, lastId);
        Assert.Equal("/run-now", Text((await again.UntilAsync(run => Text(run, "state") == "ended")).Run, "path"));
        using var other = await WatchAsync(faas, "00000000-1");
        Assert.Equal("runs", Text((await other.NextAsync()).Event, "event"));
        using var filtered = await WatchAsync(faas, null, "?via=function");
        Assert.Empty((await filtered.NextAsync()).Event.GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task Switched_off_nothing_is_noted_and_the_list_says_so()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { RecentRuns = options.RecentRuns with { Count = 0 } });
        using (await faas.PostAsync("/run/math/add", "{}"))
        {
        }

        Assert.Null((await faas.Pool.Next<SubmitRun>()).Record);
        Assert.Equal("""{"runs":[],"kept":{"runs":0,"ageSeconds":900}}""", (await JsonAsync(faas, "/api/v1/runs")).GetRawText());
    }

    private static object? Failing(object message)
    {
        if (message is not SubmitRun { Run: var run, Record: { } record })
        {
            return FaasUnderTest.AnswerOfPool(message);
        }

        var log = new RunLog(1000);
        log.Append(OutputStream.Stdout, "adding\n"u8);
        log.Append(OutputStream.Stderr, "care"u8);
        record.Leased(Warmth.Warm);
        record.Prints(log);
        return new RunEnded(run.RunId, new Outcome(Reason.Error)
        {
            Detail = "ValueError: no",
            Error = new ScriptError("ValueError", "no"),
            Usage = new Usage(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.25), 4096),
        });
    }

    private static Task<object> Leased(SubmitRun submit, Task<object> reply)
    {
        submit.Record!.Leased(Warmth.Cold);
        return reply;
    }

    // The status of an answer is noted when it is complete, which its client may see a moment earlier.
    private static async Task<JsonElement> SettledAsync(FaasUnderTest faas, string route)
    {
        JsonElement list = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                list = await JsonAsync(faas, route);
                return list.GetProperty("runs").EnumerateArray().All(run => run.TryGetProperty("status", out _));
            },
            TimeSpan.FromSeconds(20),
            () => list.GetRawText());
        return list;
    }

    private static async Task<JsonElement> JsonAsync(FaasUnderTest faas, string route)
    {
        using var response = await faas.Client.GetAsync(route);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task<int> CountAsync(HttpResponseMessage response, string member)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty(member).GetArrayLength();
    }

    private static Task<HttpResponseMessage> SendAsync(FaasUnderTest faas, string key, HttpMethod method, string route, string body = "{}")
    {
        var request = new HttpRequestMessage(method, route);
        request.Headers.Add("X-Api-Key", key);
        request.Content = method == HttpMethod.Post ? new StringContent(body, null, "application/json") : null;
        return faas.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<Watcher> WatchAsync(FaasUnderTest faas, string? lastId, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/events{query}");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        var response = await faas.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new Watcher(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Watcher(HttpResponseMessage response, StreamReader events) : IDisposable
    {
        public async Task<(JsonElement Event, string? Id)> NextAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            string? id = null;
            while (true)
            {
                var line = await events.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The stream has ended.");
                id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return (JsonDocument.Parse(line[6..]).RootElement, id);
                }
            }
        }

        public async Task<(JsonElement Run, string? Id)> UntilAsync(Func<JsonElement, bool> wanted)
        {
            while (true)
            {
                var (next, id) = await NextAsync();
                Assert.Equal("run", Text(next, "event"));
                if (wanted(next.GetProperty("run")))
                {
                    return (next.GetProperty("run"), id);
                }
            }
        }

        public void Dispose()
        {
            events.Dispose();
            response.Dispose();
        }
    }
}
