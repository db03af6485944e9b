using System.Net;
using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

/// <summary>The events of kept runs over real sockets; the store is one in memory, and the test executes the runs.</summary>
public sealed class KeptEventTests
{
    private const string Running = "id: 0\ndata: {\"event\":\"state\",\"data\":\"running\",\"type\":\"text\"}\n\n";
    private const string Waits = "data: {\"event\":\"state\",\"data\":\"queued\",\"type\":\"text\"}\n\n";
    private static readonly KeptSeat s_seat = new("node", "start", 0);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private static readonly KeptEnd s_good = new()
    {
        Reason = "ok", Type = DataType.Number, Start = Warmth.Warm, RunSeconds = 0.5, CpuSeconds = 0.25, MemoryBytes = 4096,
    };

    [Fact]
    public async Task A_reader_gets_each_event_as_it_happens_and_the_stream_ends_with_the_run()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas);
        using var answer = await faas.Client.GetAsync(Route(id), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(("text/event-stream", "15"), ($"{answer.Content.Headers.ContentType}", answer.Header("X-Ping-Seconds")));
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(Waits, await NextAsync(events));
        await faas.Kept.TakeAsync(s_seat, default);
        Assert.Equal(Running, await NextAsync(events));
        var begin = new KeptLine(OutputStream.Stderr, "größer") { Partial = true };
        await PrintAsync(faas, id, new KeptPiece(2, 40, [Line("{\"a\": 1}"), begin]));
        Assert.Equal("id: 1\ndata: {\"event\":\"log\",\"data\":{\"a\": 1},\"type\":\"json\"}\n\n", await NextAsync(events));
        Assert.Equal(
            "id: 2\ndata: {\"event\":\"log\",\"data\":\"größer\",\"type\":\"text\",\"stream\":\"stderr\",\"partial\":true}\n\n",
            await NextAsync(events));
        await EndAsync(faas, id, s_good, "42", new KeptPiece(3, 20, [new KeptLine(OutputStream.Stderr, "7") { Rest = true }]));
        Assert.Equal("id: 3\ndata: {\"event\":\"log\",\"data\":\"7\",\"type\":\"text\",\"stream\":\"stderr\"}\n\n", await NextAsync(events));
        Assert.Equal(
            "id: 4\ndata: {\"event\":\"result\",\"data\":42,\"type\":\"number\",\"stats\":{\"cpuSeconds\":0.25,\"maxRssBytes\":4096,\"wallSeconds\":0.5}}\n\n",
            await NextAsync(events));
        Assert.Null(await events.ReadLineAsync());
    }

    [Fact]
    public async Task Between_attempts_a_reader_is_told_without_an_id_and_the_lines_are_counted_on()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas);
        var run = (await faas.Kept.TakeAsync(s_seat, default)).Run!;
        using var answer = await faas.Client.GetAsync(Route(id), HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(Running, await NextAsync(events));
        var failed = KeptOutcome.Of(new KeptEnd { Reason = "error" }) with { Output = new KeptRest([new KeptPiece(1, 20, [Line("one")])], 1) };
        Assert.Equal(KeptRetry.Waits, await faas.Kept.RetryAsync(s_seat, run, failed, TimeSpan.Zero, default));
        Assert.Equal("id: 1\ndata: {\"event\":\"log\",\"data\":\"one\",\"type\":\"text\"}\n\n", await NextAsync(events));
        Assert.Equal(Waits, await NextAsync(events));
        await faas.Kept.TakeAsync(s_seat, default);
        Assert.Equal(Running["id: 0\n".Length..], await NextAsync(events));
        await EndAsync(faas, id, s_good, "42", new KeptPiece(2, 20, [Line("two")]));
        Assert.Equal("id: 2\ndata: {\"event\":\"log\",\"data\":\"two\",\"type\":\"text\"}\n\n", await NextAsync(events));
        Assert.StartsWith("id: 3\ndata: {\"event\":\"result\",\"data\":42", await NextAsync(events), StringComparison.Ordinal);

        var whole = await faas.Client.GetStringAsync(Route(id));
        Assert.StartsWith($"{Running}id: 1\n", whole, StringComparison.Ordinal);
        Assert.Equal(4, whole.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_stream_that_is_cut_anywhere_and_taken_up_again_has_the_bytes_of_one_that_is_not()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas);
        await faas.Kept.TakeAsync(s_seat, default);
        for (var line = 1; line <= 300; line++)
        {
            await PrintAsync(faas, id, new KeptPiece(line, 30, [Line(line % 3 == 0 ? $"{line}" : $"größer, line {line}")]));
        }

        await EndAsync(faas, id, s_good, "42");
        var whole = await faas.Client.GetByteArrayAsync(Route(id));
        var random = new Random(19);
        for (var round = 0; round < 5; round++)
        {
            var (got, cuts) = (new List<byte>(), 0);
            while (await faas.Client.ReadEventsAsync(
                Route(id), got, cuts < 20 ? random.Next(1, whole.Length / 10) : int.MaxValue, s_patience))
            {
                cuts++;
            }

            Assert.True(cuts >= 20);
            Assert.Equal(whole, got);
        }
    }

    [Fact]
    public async Task A_client_that_knows_the_last_event_is_told_to_stop_and_nothing_runs_again()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas);
        await faas.Kept.TakeAsync(s_seat, default);
        await EndAsync(faas, id, s_good, "42", new KeptPiece(2, 40, [Line("one"), Line("two")]));
        foreach (var (last, status, body) in new[]
        {
            ("3", 204, ""), ("2", 200, "id: 3\ndata: {\"event\":\"result\""), ("0", 200, "id: 1\ndata: {\"event\":\"log\",\"data\":\"one\""),
            ("4", 400, "has ended, and has no event 4"), ("-1", 400, "\\\"Last-Event-ID\\\" is \\\"-1\\\"; allowed is the id of an event"),
            ("9223372036854775807", 400, "allowed is"), ("5f3a9c2e-481", 400, "allowed is"), ("", 400, "allowed is"),
        })
        {
            using var answer = await GetAsync(faas, id, last);
            Assert.Equal((last, status), (last, (int)answer.StatusCode));
            Assert.Contains(body, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.StartsWith("id: 2\n", await faas.Client.GetStringAsync($"{Route(id)}?after=1"), StringComparison.Ordinal);
        using var both = await GetAsync(faas, id, "2", "?after=0");
        Assert.StartsWith("id: 3\n", await both.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var wrong = await faas.Client.GetAsync($"{Route(id)}?after=x");
        Assert.Contains("\"after\" is \"x\"", await wrong.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        using var head = await faas.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Route(id)));
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (head.StatusCode, $"{head.Content.Headers.ContentType}"));
        Assert.Single(faas.Kept.All);
    }

    [Fact]
    public async Task What_is_not_kept_any_more_is_gone_for_one_who_has_begun_and_a_gap_for_one_who_begins()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas);
        await faas.Kept.TakeAsync(s_seat, default);
        await PrintAsync(faas, id, new KeptPiece(2, 40, [Line("one"), Line("two")]));
        await PrintAsync(faas, id, new KeptPiece(3, 40, [Line("three")]));
        faas.Kept.Trim(id);
        using (var gone = await GetAsync(faas, id, "1"))
        {
            Assert.Equal($"What followed the event 1 of the run \"{id}\" is not kept any more.", await gone.ProblemAsync(410, "events_gone"));
        }

        await EndAsync(faas, id, s_good, "42");
        var late = await faas.Client.GetStringAsync(Route(id));
        Assert.StartsWith(
            $"{Running}id: 2\ndata: {{\"event\":\"gap\",\"data\":2,\"type\":\"number\"}}\n\nid: 3\n", late, StringComparison.Ordinal);
        using (var within = await GetAsync(faas, id, "2"))
        {
            Assert.StartsWith("id: 3\n", await within.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        faas.Kept.Forget(id);
        using var forgotten = await GetAsync(faas, id, "2");
        await forgotten.ProblemAsync(410, "events_gone");
        using var unknown = await GetAsync(faas, id, null);
        await unknown.ProblemAsync(404, "not_found");
        using var recent = await GetAsync(faas, "call~7", "2");
        await recent.ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Each_end_is_told_as_the_stream_of_a_call_tells_it()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        foreach (var (end, result, told) in new[]
        {
            (new KeptEnd { Reason = "error", Detail = "ValueError: no", Error = new ScriptError("ValueError", "no", null, 1, 2) }, "",
                "\"error\",\"data\":\"ValueError: no\",\"type\":\"text\",\"reason\":\"error\",\"name\":\"ValueError\",\"message\":\"no\",\"line\":1"),
            (KeptEnd.Abandoned, "", "\"error\",\"data\":\"The server that executed the run ended.\",\"type\":\"text\",\"reason\":\"sandbox\""),
            (new KeptEnd { Reason = "disabled", Detail = "It is disabled." }, "",
                "\"error\",\"data\":\"It is disabled.\",\"type\":\"text\",\"reason\":\"disabled\"}"),
            (s_good with { ResultCut = true, ResultBytes = 9 }, "", "\"result\",\"data\":null,\"type\":\"json\",\"resultCut\":true,\"stats\""),
        })
        {
            var id = await AcceptAsync(faas);
            await faas.Kept.TakeAsync(s_seat, default);
            await EndAsync(faas, id, end, result);
            var events = await faas.Client.GetStringAsync(Route(id));
            Assert.StartsWith($"{Running}id: 1\ndata: {{\"event\":{told}", events, StringComparison.Ordinal);
        }

        var cancelled = await AcceptAsync(faas);
        await faas.Kept.CancelAsync(cancelled, default);
        Assert.StartsWith("id: 1\ndata: {\"event\":\"error\"", await faas.Client.GetStringAsync(Route(cancelled)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_while_delays_a_reader_and_refuses_a_new_one()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var id = await AcceptAsync(faas);
        await faas.Kept.TakeAsync(s_seat, default);
        using var answer = await faas.Client.GetAsync(Route(id), HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(Running, await NextAsync(events));
        faas.Kept.Failure = new StoreException("It is away.");
        using (var refused = await GetAsync(faas, id, "0"))
        {
            await refused.ProblemAsync(503, "store");
        }

        faas.Kept.Failure = null;
        await EndAsync(faas, id, s_good, "42");
        Assert.StartsWith("id: 1\n", await NextAsync(events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_are_served_up_to_the_limit_and_one_that_leaves_frees_its_place()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { KeptRuns = options.KeptRuns with { Readers = 1 } });
        var id = await AcceptAsync(faas);
        using (await faas.Client.GetAsync(Route(id), HttpCompletionOption.ResponseHeadersRead))
        {
            using var full = await GetAsync(faas, id, null);
            Assert.Contains("faas.runs.kept.readers", await full.ProblemAsync(429, "too_many_readers"), StringComparison.Ordinal);
            Assert.NotNull(full.Headers.RetryAfter);
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                using var next = await faas.Client.GetAsync(Route(id), HttpCompletionOption.ResponseHeadersRead);
                return next.StatusCode == HttpStatusCode.OK;
            },
            TimeSpan.FromSeconds(30),
            () => "the place stays taken");
    }

    [Fact]
    public async Task Only_a_key_that_sees_the_record_sees_the_events()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(
            $"watcher:runs:{Keys.Runs}", "other:invoke:other-0123456789ab", "far:runs@other:far-0123456789abcd"));
        Use(faas, Keys.Invoke);
        var id = await AcceptAsync(faas);
        foreach (var (key, known, status) in new[]
        {
            (Keys.Invoke, null, 200), (Keys.Runs, null, 200), (Keys.Admin, "0", 200), (Keys.Write, "0", 403),
            ("other-0123456789ab", null, 404), ("other-0123456789ab", "0", 410), ("far-0123456789abcd", null, 404),
        })
        {
            Use(faas, key);
            using var request = Request(id, known);
            using var answer = await faas.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((key, status), (key, (int)answer.StatusCode));
        }
    }

    private static string Route(string id) => $"/api/v1/runs/{id}/events";

    private static void Use(FaasUnderTest faas, string key) => faas.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

    private static KeptLine Line(string text) => new(OutputStream.Stdout, text);

    private static async Task<string> AcceptAsync(FaasUnderTest faas)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/run/math/add")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await faas.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return faas.Kept.All[^1].Id;
    }

    private static async Task PrintAsync(FaasUnderTest faas, string id, KeptPiece piece) =>
        Assert.True(await faas.Kept.AppendAsync(s_seat, id, [piece], default));

    private static async Task EndAsync(FaasUnderTest faas, string id, KeptEnd end, string result, params KeptPiece[] rest)
    {
        var outcome = new KeptOutcome(end, Encoding.UTF8.GetBytes(result), new KeptRest(rest, rest.Length > 0 ? rest[^1].Last : null));
        Assert.True(await faas.Kept.EndAsync(s_seat, id, outcome, default));
    }

    private static HttpRequestMessage Request(string id, string? last, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Route(id) + query);
        if (last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        return request;
    }

    private static async Task<HttpResponseMessage> GetAsync(FaasUnderTest faas, string id, string? last, string query = "")
    {
        using var request = Request(id, last, query);
        return await faas.Client.SendAsync(request);
    }

    // One event with its empty line.
    private static async Task<string> NextAsync(StreamReader events)
    {
        var lines = new StringBuilder();
        while (await events.ReadLineAsync() is { } line)
        {
            lines.Append(line).Append('\n');
            if (line.Length == 0)
            {
                return $"{lines}";
            }
        }

        return $"{lines}(the end)";
    }
}
