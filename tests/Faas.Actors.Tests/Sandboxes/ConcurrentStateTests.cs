using Akka.Actor;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes;

/// <summary>What a sandbox decides whose process serves several runs at once, with times that the test names.</summary>
public sealed class ConcurrentStateTests
{
    private static readonly SandboxOptions s_options = SandboxTestOptions.Default with { Timeout = TimeSpan.FromSeconds(10) };
    private static readonly RunReport s_fine = new(new Outcome(Reason.Ok) { Data = ResultData(1) }, null, null, new ByteTail(1));

    private readonly ConcurrentState _state = new(LeaseOf("a").Run.BindingKey!, s_options, default);

    [Fact]
    public void A_run_that_takes_too_long_is_abandoned_and_the_sandbox_retires_and_is_killed_when_the_others_are_over()
    {
        var slow = Begin("slow", 0);
        var other = Begin("other", 9);
        Assert.Equal(Seconds(10), _state.NextDeadline);

        var effects = _state.Tick(Seconds(10));

        Assert.Equal([(slow, Reason.Timeout)], Ended(effects));
        Assert.Equal([typeof(EndConcurrentRun), typeof(SendCancel), typeof(AwaitAnswer), typeof(AnnounceRetired)], Types(effects));
        Assert.IsType<RejectRun>(Assert.Single(_state.Begin(LeaseOf("late"), default, Seconds(11))));
        Assert.Equal([typeof(AnnounceFree)], Types(_state.Done(slow, s_fine, default, Seconds(12))));
        effects = _state.Done(other, s_fine, default, Seconds(13));
        Assert.Equal([(other, Reason.Ok)], Ended(effects));
        Assert.Equal([typeof(EndConcurrentRun), typeof(AnnounceFree), typeof(KillProcess)], Types(effects));
    }

    [Fact]
    public void A_process_that_does_not_answer_is_killed_and_its_other_runs_end_with_sandbox()
    {
        Begin("stuck", 0);
        var other = Begin("other", 9);
        _state.Tick(Seconds(10));

        Assert.Equal([typeof(KillProcess)], Types(_state.Unanswered()));

        Assert.Empty(_state.Exited(new SandboxExit(137, ""), default, Seconds(11)));
        var effects = _state.Ended(new ProcessEnded(null, "the runtime ended", new ByteTail(1)), default, Seconds(11));
        Assert.Equal([(other, Reason.Sandbox)], Ended(effects));
        Assert.Contains("no longer answered", effects.OfType<EndConcurrentRun>().Single().Outcome.Detail, StringComparison.Ordinal);
        Assert.IsType<StopSelf>(effects[^1]);
    }

    [Fact]
    public void A_run_whose_caller_has_left_retires_the_sandbox_too_if_its_code_is_not_over_by_its_deadline()
    {
        var left = Begin("left", 0);
        Assert.Equal([(left, Reason.Cancelled)], Ended(_state.Stop("left", Seconds(1))));
        Assert.Empty(_state.Stop("left", Seconds(2)));
        Begin("other", 5);

        Assert.Equal([typeof(AnnounceRetired)], Types(_state.Tick(Seconds(10))));
        Assert.Equal([typeof(EndConcurrentRun), typeof(SendCancel), typeof(KillProcess)], Types(_state.Stop("other", Seconds(11))));
    }

    [Fact]
    public void Deadlines_come_in_the_order_of_the_beginnings_and_those_of_runs_that_are_over_do_not_count()
    {
        var first = Begin("first", 0);
        var second = Begin("second", 3);
        _state.Done(first, s_fine, default, Seconds(4));
        Assert.Equal(Seconds(13), _state.NextDeadline);
        _state.Done(second, s_fine, default, Seconds(5));
        Assert.Null(_state.NextDeadline);
        Assert.Empty(_state.Tick(Seconds(100)));
    }

    private static ResultData ResultData(byte digit) => new(new[] { (byte)('0' + digit) }, DataType.Number);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static IEnumerable<Type> Types(IReadOnlyList<SandboxEffect> effects) => effects.Select(effect => effect.GetType());

    private static IEnumerable<(ConcurrentRun, Reason)> Ended(IReadOnlyList<SandboxEffect> effects) =>
        effects.OfType<EndConcurrentRun>().Select(end => (end.Run, end.Outcome.Reason));

    private ConcurrentRun Begin(string runId, int at) =>
        Assert.IsType<SendRun>(Assert.Single(_state.Begin(LeaseOf(runId), default, Seconds(at)))).Run;

    private static Lease LeaseOf(string runId) => new(
        new Run(
            runId,
            "path",
            ScriptCode.Of(Language.JavaScript, "1"),
            RunMode.Execute,
            Isolation.Shared,
            "{}"u8.ToArray(),
            Stream: false,
            Version: 1,
            Concurrency: 4),
        ActorRefs.Nobody,
        Warmth.Warm);
}
