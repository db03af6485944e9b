using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Tests.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Runs.Kept;

/// <summary>Where a run goes when it has ended, and what it takes along.</summary>
public sealed class KeptThenTests
{
    [Fact]
    public void A_value_goes_to_the_success_a_failure_to_the_failure_and_a_cancelled_run_nowhere()
    {
        var then = KeptExample.Then;
        foreach (var reason in (string[])[.. WireNames.All<Reason>(), .. WireNames.All<RefusalReason>(), "of a later version"])
        {
            var end = new KeptEnd { Reason = reason };
            Assert.Equal(
                (reason, reason switch { "ok" => "mail/send", "cancelled" => null, _ => "ops/alert" }),
                (reason, KeptThen.After(then, end)?.Path));
            Assert.Null(KeptThen.After(null, end));
        }
    }

    [Fact]
    public void Levels_and_destinations_are_counted_through_the_nesting()
    {
        Assert.Equal((2, "mail/send b ops/alert"), (KeptExample.Then.Levels, string.Join(' ', KeptExample.Then.All.Select(to => to.Path))));
        Assert.Equal((1, "a"), (new KeptThen { Success = new("a") }.Levels, new KeptThen { Failure = new("a") }.All.Single().Path));
        Assert.Equal(
            (new VersionRef(null, "stable"), new VersionRef(7), VersionRef.Latest),
            (KeptExample.Then.Success!.VersionRef, new KeptDestination("a") { Version = "7" }.VersionRef, new KeptDestination("a").VersionRef));
    }

    [Fact]
    public void The_next_run_gets_the_value_or_all_that_is_known_of_the_failure()
    {
        var run = new KeptRun("c~k1", 1, KeptExample.Call(), RunStage.Running) { Input = """{"a":1}"""u8.ToArray() };
        Assert.Equal("[1,2]", Text(KeptNext.InputAfter(run, KeptExample.Ended with { Value = "[1,2]"u8.ToArray() })));
        Assert.Equal("null", Text(KeptNext.InputAfter(run, KeptExample.Ended)));
        var end = new KeptEnd { Reason = "error", Detail = "ValueError: \"no\"", Error = new ScriptError("ValueError", "no", null, null, null, null) };
        using var failure = JsonDocument.Parse(KeptNext.InputAfter(run, KeptOutcome.Of(end)));
        Assert.True(JsonElement.DeepEquals(
            JsonDocument.Parse("""
                {"run": "c~k1", "path": "math/add", "version": 1739000000, "reason": "error", "detail": "ValueError: \"no\"",
                 "error": {"name": "ValueError", "message": "no"}, "input": {"a": 1}}
                """).RootElement,
            failure.RootElement), failure.RootElement.GetRawText());
        Assert.EndsWith(
            "\"reason\":\"oom\",\"input\":{\"a\":1}}",
            Text(KeptNext.InputAfter(run, KeptOutcome.Of(new KeptEnd { Reason = "oom" }))),
            StringComparison.Ordinal);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
