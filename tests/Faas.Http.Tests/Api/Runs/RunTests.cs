using System.Net;
using System.Text;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

public sealed class RunTests
{
    [Fact]
    public async Task A_stored_script_runs_and_its_data_comes_back_byte_for_byte()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(Reason.Ok)
        {
            Data = new ResultData("{\"a\":  1.50}"u8.ToArray(), DataType.Json),
            Warmth = Warmth.Warm,
            Usage = new Usage(TimeSpan.FromMilliseconds(2.5), TimeSpan.Zero, 0),
        });
        using var response = await faas.PostAsync("/run/math/add", """{"input": {"a": 3, "b": 5}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"data":{"a":  1.50},"type":"json"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("1739000000", response.Header("X-Script-Version"));
        Assert.Equal("warm", response.Header("X-Start"));
        Assert.Equal("0.0025", response.Header("X-Duration-Seconds"));
        Assert.False(response.Headers.Contains("Server"));

        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal("math/add", run.Queue);
        Assert.Equal("return 42", run.Code.Source);
        Assert.Equal((RunMode.Execute, Isolation.Process, false), (run.Mode, run.Isolation, run.Stream));
        Assert.Equal("""{"a": 3, "b": 5}""", Encoding.UTF8.GetString(run.Input.Span));
    }

    [Fact]
    public async Task A_script_that_is_live_is_not_asked_for()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var newer = FaasUnderTest.Version with { Number = FaasUnderTest.Version.Number + 1 };
        faas.Live.Show(ScriptState.From(new ScriptSnapshot("math/add", [FaasUnderTest.Version, newer])));

        using var latest = await faas.PostAsync("/run/math/add", "{}");
        using var earlier = await faas.PostAsync("/run/math/add?version=1739000000", "{}");
        using var unknown = await faas.PostAsync("/run/math/add?version=7", "{}");

        Assert.Equal(("1739000001", "1739000000"), (latest.Header("X-Script-Version"), earlier.Header("X-Script-Version")));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(new GetVersion("math/add", 7), await faas.Registry.Next<GetVersion>()); // the only one
    }

    [Theory]
    [InlineData(null, Isolation.Process, Isolation.Process)]
    [InlineData(null, Isolation.Shared, Isolation.Shared)]
    [InlineData(Isolation.Sandbox, Isolation.Process, Isolation.Sandbox)]
    [InlineData(Isolation.Process, Isolation.Shared, Isolation.Process)]
    public async Task A_script_runs_as_isolated_as_its_version_says_or_else_the_operator(
        Isolation? ofVersion, Isolation ofOperator, Isolation expected)
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { Scripts = options.Scripts with { Isolation = ofOperator } });
        faas.Live.Show(
            ScriptState.From(new ScriptSnapshot("math/add", [FaasUnderTest.Version with { Settings = new ScriptSettings(ofVersion) }])));

        using var response = await faas.PostAsync("/run/math/add", "{}");

        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal((expected, 1_739_000_000), (run.Isolation, run.Version));
    }

    [Fact]
    public async Task No_body_at_all_is_an_empty_input()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.Client.PostAsync("/run/math/add", null);
        Assert.Equal("""{"data":42,"type":"number"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("{}", Encoding.UTF8.GetString((await faas.Pool.Next<SubmitRun>()).Run.Input.Span));
    }

    [Fact]
    public async Task A_version_is_asked_for_by_number()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var known = await faas.Client.PostAsync("/run/math/add?version=1739000000", null);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal(new GetVersion("math/add", 1_739_000_000), await faas.Registry.Next<GetVersion>());

        using var unknown = await faas.Client.PostAsync("/run/math/add?version=7", null);
        Assert.Equal(
            "There is no version 7 of the script \"math/add\"; the newest is 1739000000.", await unknown.ProblemAsync(404, "not_found"));
        using var alias = await faas.Client.PostAsync("/run/math/add?version=newest", null);
        Assert.Equal("There is no alias \"newest\" of the script \"math/add\"; it has none.", await alias.ProblemAsync(404, "not_found"));
        using var wrong = await faas.Client.PostAsync("/run/math/add?version=the%20newest", null);
        await wrong.ProblemAsync(400, "malformed");
    }

    [Fact]
    public async Task A_script_that_does_not_exist_is_not_found()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/run/nobody/knows", "{}");
        Assert.Equal("There is no script \"nobody/knows\".", await response.ProblemAsync(404, "not_found"));
        Assert.Empty(faas.Pool.Rest());
    }

    [Theory]
    [InlineData("/run")]
    [InlineData("/run/")]
    [InlineData("/run/math/add/")]
    [InlineData("/run//math")]
    [InlineData("/run/math%2Fadd%2F")]
    [InlineData("/run/a%0Ab")]
    [InlineData("/run/a%C3")]
    public async Task A_path_that_is_none_is_refused(string path)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(path, "{}");
        await response.ProblemAsync(400, "malformed");
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_said_to_be_unreachable()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Registry.Answer = message => message is GetVersion get ? new StoreUnavailable(get.Path, "Redis is away.") : null;
        using (var response = await faas.PostAsync("/run/math/add", "{}"))
        {
            Assert.Equal("Redis is away.", await response.ProblemAsync(503, "store"));
            Assert.Equal("1", response.Header("Retry-After"));
        }

        faas.Registry.Answer = FaasUnderTest.AnswerOfRegistry;
        faas.Store.Failure = new StoreException("gone");
        using (var response = await faas.PostAsync("/run/math/add", "{}"))
        {
            await response.ProblemAsync(503, "store");
        }

        faas.Store.Failure = null;
        using (var response = await faas.PostAsync("/run/math/add", "{}"))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(RefusalReason.QueueFull, 429, "queue_full")]
    [InlineData(RefusalReason.QueueTimeout, 429, "queue_timeout")]
    [InlineData(RefusalReason.Draining, 503, "draining")]
    public async Task What_the_pool_refuses_says_when_to_come_back_also_where_a_stream_was_asked_for(
        RefusalReason why, int status, string reason)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(run => new RunRefused(run.RunId, why, TimeSpan.FromSeconds(2.1)));
        foreach (var stream in new[] { "true", "false" })
        {
            using var response = await faas.PostAsync("/run/math/add", $$"""{"stream": {{stream}}}""");
            await response.ProblemAsync(status, reason);
            Assert.Equal("3", response.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_invocation_along()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(_ => null);
        using (var impatient = new CancellationTokenSource())
        {
            var call = faas.Client.PostAsync("/run/math/add", null, impatient.Token);
            var run = (await faas.Pool.Next<SubmitRun>()).Run;
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            Assert.Equal(run.RunId, (await faas.Pool.Next<CancelRun>()).RunId);
        }

        faas.Pool.Answer = FaasUnderTest.AnswerOfPool;
        using var next = await faas.Client.PostAsync("/run/math/add", null);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.DoesNotContain(faas.Pool.Rest(), message => message is CancelRun);
    }

    [Fact]
    public async Task A_pool_that_never_answers_is_our_fault_and_the_call_is_taken_back()
    {
        await using var faas = await FaasUnderTest.StartAsync(options: shipped => shipped with
        {
            Pool = shipped.Pool with { QueueTimeout = TimeSpan.FromMilliseconds(100) - UseCaseOptions.Margin },
            Sandbox = shipped.Sandbox with { Timeout = TimeSpan.Zero, StartTimeout = TimeSpan.Zero },
        });
        faas.OnSubmit(_ => null);
        using var response = await faas.PostAsync("/run/math/add", "{}");
        await response.ProblemAsync(503, "sandbox");
        await faas.Pool.Next<CancelRun>();
    }
}
