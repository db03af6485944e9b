using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Outcomes;

public sealed class OutcomeClassifierTests
{
    private static readonly SandboxExit s_killed = new(137, "bwrap: killed");
    private static readonly KillReason s_timeout = new(Reason.Timeout, "too long");
    private static readonly KernelCounters s_oomKilled = new(1, TimeSpan.Zero, 0);

    [Fact]
    public void The_servers_own_kill_comes_before_everything_else() =>
        Assert.Equal(Reason.Timeout, OutcomeClassifier.Classify(Report('V', "1"), s_timeout, s_oomKilled, s_killed).Reason);

    [Fact]
    public void The_kernels_counter_comes_before_what_the_script_says()
    {
        var outcome = OutcomeClassifier.Classify(Report('V', "1"), kill: null, s_oomKilled, exit: null);
        Assert.Equal((Reason.Oom, null), (outcome.Reason, outcome.Data));
    }

    [Fact]
    public void A_full_heap_of_v8_is_told_apart_from_the_kernels_kill()
    {
        const string last = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";
        var full = Classify(null, "", signal: 6, stdout: last);
        var killed = OutcomeClassifier.Classify(Report(null, "", signal: 9), kill: null, s_oomKilled, exit: null);
        Assert.Equal((Reason.Oom, Reason.Oom), (full.Reason, killed.Reason));
        Assert.Contains("V8's heap", full.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("V8", killed.Detail, StringComparison.Ordinal);
        Assert.Equal(Reason.Signal, Classify(null, "", signal: 6, stdout: "aborted\n").Reason);
        Assert.Equal(Reason.Exit, Classify(null, "", exitCode: 6, stdout: last).Reason);
    }

    [Fact]
    public void A_limit_that_was_passed_is_a_kill_of_our_own() =>
        Assert.Equal(
            Reason.OutputLimit,
            OutcomeClassifier.Classify(new RunReport(null, "too much", "cut short", Tail("")), null, s_oomKilled, s_killed).Reason);

    [Fact]
    public void A_returned_value_comes_before_the_exit_status() =>
        Assert.Equal("1", Json(Classify('V', "1", signal: 9)));

    [Fact]
    public void A_printed_value_does_not_replace_a_returned_one() =>
        Assert.Equal("1", Json(Classify('V', "1", stdout: "{\"forged\":true}\n")));

    [Fact]
    public void Nothing_returned_means_what_was_printed() => Assert.Equal("2", Json(Classify('N', "", stdout: "1\n2\n")));

    [Theory]
    [InlineData("""{"handler":null}""", "", "The script returned nothing, printed nothing and has no handler.")]
    [InlineData("""{"handler":"main"}""", "7\n", "The script has a handler, main, which was not called because the script printed something.")]
    [InlineData("""{"handler":null}""", "7\n", null)]
    [InlineData("", "", null)]
    public void A_result_that_may_surprise_has_a_hint(string payload, string stdout, string? hint)
    {
        var outcome = Classify('N', payload, stdout: stdout);
        Assert.Equal(Reason.Ok, outcome.Reason);
        Assert.StartsWith(hint ?? "", outcome.Hint ?? "", StringComparison.Ordinal);
        Assert.Equal(hint is null, outcome.Hint is null);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"handler":7}""")]
    public void A_hint_that_no_runtime_writes_is_forged(string payload) => Assert.Equal(Reason.Error, Classify('N', payload).Reason);

    [Fact]
    public void An_exit_with_0_is_ok_with_what_was_printed() => Assert.Equal("\"bye\"", Json(Classify(null, "", stdout: "bye\n")));

    [Fact]
    public void An_error_carries_its_name_message_and_stack()
    {
        var outcome = Classify('E', """{"name":"TypeError","message":"no\nwork","stack":"at 1"}""", stdout: "log\n");
        Assert.Equal(new ScriptError("TypeError", "no\nwork", "at 1"), outcome.Error);
        Assert.Equal((Reason.Error, "TypeError: no work", "log\n"), (outcome.Reason, outcome.Detail, outcome.Logs));
    }

    [Theory]
    [InlineData("", "SyntaxError: bad")]
    [InlineData("\"name\":\"IndentationError\",", "IndentationError: bad")]
    public void A_syntax_error_carries_its_line_its_column_and_its_name(string name, string detail)
    {
        var outcome = Classify('S', $"{{{name}\"message\":\"bad\",\"line\":3,\"column\":7}}");
        Assert.Equal((Reason.Syntax, detail, 3, 7), (outcome.Reason, outcome.Detail, outcome.Error!.Line, outcome.Error.Column));
    }

    [Theory]
    [InlineData('V', "{")]
    [InlineData('V', "NaN")]
    [InlineData('N', "1")]
    [InlineData('E', "[]")]
    [InlineData('E', "null")]
    [InlineData('S', "{\"line\":\"x\"}")]
    [InlineData('?', "1")]
    public void A_result_that_no_runtime_writes_is_the_scripts_error(char kind, string payload)
    {
        var outcome = Classify(kind, payload);
        Assert.Equal(Reason.Error, outcome.Reason);
        Assert.Contains("result pipe", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exit_status_is_told()
    {
        var outcome = Classify(null, "", exitCode: 3);
        Assert.Equal((Reason.Exit, 3), (outcome.Reason, outcome.ExitCode));
    }

    [Theory]
    [InlineData(9, "SIGKILL")]
    [InlineData(11, "SIGSEGV")]
    [InlineData(31, "SIGSYS")]
    [InlineData(34, "SIG34")]
    public void A_signal_of_the_scripts_own_is_told_by_name(int signal, string name)
    {
        var outcome = Classify(null, "", signal: signal);
        Assert.Equal((Reason.Signal, name), (outcome.Reason, outcome.Signal));
    }

    [Fact]
    public void A_zygote_that_falls_silent_is_our_fault_and_says_what_its_stderr_said()
    {
        var outcome = OutcomeClassifier.Classify(
            new RunReport(null, null, "the runtime ended", Tail("")), null, default, new SandboxExit(71, "could not\nempty /tmp"));
        Assert.Equal(Reason.Sandbox, outcome.Reason);
        Assert.Equal("The sandbox broke: the runtime ended (status 71). could not empty /tmp", outcome.Detail);
    }

    [Fact]
    public void The_cost_is_that_of_the_end_frame()
    {
        var usage = Classify('V', "1").Usage;
        Assert.Equal((TimeSpan.FromMicroseconds(1500), 4096), (usage.Cpu, usage.MaxRssBytes));
    }

    [Fact]
    public void The_cost_of_a_call_that_was_killed_is_what_the_kernel_has_counted()
    {
        var usage = OutcomeClassifier.Classify(
            new RunReport(null, null, "the runtime ended", Tail("")),
            s_timeout,
            new KernelCounters(0, TimeSpan.FromSeconds(2), 8192),
            s_killed).Usage;
        Assert.Equal((TimeSpan.FromSeconds(2), 8192), (usage.Cpu, usage.MaxRssBytes));
    }

    [Fact]
    public void Logs_that_were_cut_do_not_begin_within_a_character()
    {
        var logs = new ByteTail(4);
        logs.Append(Encoding.UTF8.GetBytes("ä€x"));
        var outcome = OutcomeClassifier.Classify(new RunReport(null, null, null, logs), s_timeout, default, s_killed);
        Assert.Equal("€x", outcome.Logs);
        logs.Append("y"u8);
        Assert.Equal("xy", OutcomeClassifier.Classify(new RunReport(null, null, null, logs), s_timeout, default, s_killed).Logs);
    }

    [Theory]
    [InlineData('V', 10, true)]
    [InlineData('V', 11, false)]
    [InlineData('E', 1 << 20, true)]
    [InlineData('E', (1 << 20) + 1, false)]
    public void A_result_over_its_limit_is_seen_at_its_header(char kind, int length, bool within)
    {
        var header = new byte[] { (byte)kind, 0, 0, 0, 0 };
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), length);
        Assert.Equal(within, new ResultAssembly(valueLimit: 10).Append(new ReadOnlySequence<byte>(header)));
    }

    [Fact]
    public void A_result_is_whole_with_its_last_byte_however_it_is_cut()
    {
        var assembly = new ResultAssembly(100);
        byte[] message = [(byte)'V', 3, 0, 0, 0, (byte)'1', (byte)'2', (byte)'3'];
        foreach (var value in message)
        {
            Assert.Null(assembly.Message);
            Assert.True(assembly.Append(new ReadOnlySequence<byte>([value])));
        }

        Assert.Equal("123", Encoding.UTF8.GetString(assembly.Message!.Payload.Span));
    }

    [Fact]
    public void Returned_bytes_are_a_value_and_forged_ones_an_error()
    {
        var bytes = Classify('B', """{"base64":"AAFi","mediaType":"image/png"}""");
        Assert.Equal((Reason.Ok, DataType.Bytes), (bytes.Reason, bytes.Data!.Type));
        Assert.Equal(Reason.Error, Classify('B', "\"AAFi\"").Reason);
    }

    [Fact]
    public void A_success_has_its_logs_only_for_a_caller_who_wants_them()
    {
        Assert.Equal("", Classify('V', "1", stdout: "printed").Logs);
        Assert.Equal(
            "printed",
            OutcomeClassifier.Classify(Report('V', "1", stdout: "printed") with { WithLogs = true }, null, default, null).Logs);
    }

    private static Outcome Classify(char? kind, string payload, int exitCode = 0, int? signal = null, string stdout = "") =>
        OutcomeClassifier.Classify(Report(kind, payload, exitCode, signal, stdout), null, default, null);

    private static RunReport Report(char? kind, string payload, int exitCode = 0, int? signal = null, string stdout = "")
    {
        var end = new EndFrame(signal is null ? exitCode : null, signal, 1500, 4096);
        var result = kind is { } known ? new ResultMessage(known, Encoding.UTF8.GetBytes(payload)) : null;
        return new RunReport(ScriptOutcome.Of(result, end, Tail(stdout)), null, null, Tail(stdout));
    }

    private static ByteTail Tail(string text)
    {
        var tail = new ByteTail(1000);
        tail.Append(Encoding.UTF8.GetBytes(text));
        return tail;
    }

    private static string Json(Outcome outcome) => Encoding.UTF8.GetString(outcome.Data!.Json.Span);
}
