using System.Buffers;
using System.Text;
using System.Text.Json;
using Faas.Actors.Forwarding;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.Forwarding;

/// <summary>What nodes tell each other of a run, and that bytes which another version of the server has written are still read.</summary>
public sealed class ForwardedBytesTests
{
    private static readonly ScriptVersion s_version = new(
        7, Language.Python, ScriptCode.HashOf("x"), 1, DateTimeOffset.UnixEpoch, new ScriptSettings(Isolation.Shared, "main", 4));

    [Fact]
    public void An_order_has_all_that_a_run_is_given()
    {
        var arguments = new RunArguments("call", "[1]"u8.ToArray(), WithUsage: true, "ci", WithLogs: true)
        {
            Files = [File("a.txt", "one"), File("b", "")],
            TakesFiles = true,
            TraceParent = "00-trace",
        };

        var order = RunOrder.Read(RunOrder.Of(
            new StoredRun("p", new FoundScript(s_version, ScriptCode.Of(Language.Python, "x")) { IsLatest = true }, arguments),
            arguments.TraceParent,
            stream: true).ToBytes());

        Assert.Equal(("p", s_version, true, true), (order.Path, order.Version, order.IsLatest, order.Stream));
        Assert.Equal(
            ("call", "[1]", true, "ci", true, "00-trace", true, true),
            (order.Arguments.CallId,
            Text(order.Arguments.Input.Span),
            order.Arguments.WithUsage,
            order.Arguments.Key,
            order.Arguments.WithLogs,
            order.Arguments.TraceParent,
            order.Arguments.TakesFiles,
            order.Arguments.IsForwarded));
        Assert.Equal(["a.txt=one", "b="], order.Arguments.Files.Select(Show));
    }

    [Fact]
    public void An_outcome_is_the_same_on_the_other_side()
    {
        var outcome = new Outcome(Reason.Ok)
        {
            Data = new ResultData("""{"a":"ä"}"""u8.ToArray(), DataType.Json, Partial: true),
            Files = [File("out.bin", "\0\u0001")],
            Hint = "hint",
            Logs = "printed",
            Usage = new Usage(TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(2), 3),
            Warmth = Warmth.Spare,
        };
        var (read, costFollows) = RunOutcome.Read(RunOutcome.ToBytes(outcome, costFollows: true));
        Assert.True(costFollows);
        Assert.Equal("""{"a":"ä"}""", Text(read.Data!.Json.Span));
        Assert.Equal(["out.bin=\0\u0001"], read.Files.Select(Show));
        Assert.Equal(outcome with { Data = null, Files = read.Files }, read with { Data = null });
    }

    [Fact]
    public void So_is_a_failure()
    {
        var outcome = new Outcome(Reason.Error)
        {
            Detail = "ValueError: no",
            Error = new ScriptError("ValueError", "no", "Traceback", 1, 2, "a.py"),
            ExitCode = 3,
            Signal = "SIGSEGV",
            Warmth = null,
        };
        var (read, costFollows) = RunOutcome.Read(RunOutcome.ToBytes(outcome, costFollows: false));
        Assert.False(costFollows);
        Assert.Equal(outcome with { Files = read.Files }, read);
        Assert.Empty(read.Files);
    }

    [Fact]
    public void What_this_version_writes_later_versions_must_read()
    {
        var order = Framed(
            """{"path":"p","version":{"number":7,"language":"python","codeHash":"00","codeBytes":1,"at":"1970-01-01T00:00:00+00:00","settings":{"isolation":"shared"}},"isLatest":true,"stream":false,"callId":"call","inputBytes":2,"withUsage":false,"withLogs":false,"takesFiles":false,"files":[{"name":"a","bytes":1}]}""",
            "{}A");
        var outcome = Framed(
            """{"reason":"ok","data":{"type":"number","partial":false,"bytes":2},"detail":"","logs":"","usage":{"elapsed":1,"cpu":2,"maxRssBytes":3},"warmth":"warm","costFollows":true,"files":[]}""",
            "42");

        var read = RunOrder.Read(order);
        Assert.Equal(("p", 7L, "{}"), (read.Path, read.Version.Number, Text(read.Arguments.Input.Span)));
        Assert.Equal(["a=A"], read.Arguments.Files.Select(Show));
        var (ended, costFollows) = RunOutcome.Read(outcome);
        Assert.Equal(("42", Warmth.Warm, true), (Text(ended.Data!.Json.Span), ended.Warmth, costFollows));
        Assert.Equal(Text(outcome.ToArray()), Text(RunOutcome.ToBytes(ended, costFollows: true).ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("\u0009\0\0\0{}")]
    [InlineData("\u0002\0\0\0{}")]
    [InlineData("\u0004\0\0\0null")]
    public void Bytes_that_are_no_order_are_refused(string bytes)
    {
        var refused = Record.Exception(() => RunOrder.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(bytes))));
        Assert.True(refused is FormatException or JsonException, $"{refused}");
    }

    [Fact]
    public void Files_that_are_not_as_long_as_the_head_says_are_refused()
    {
        var bytes = RunOutcome.ToBytes(new Outcome(Reason.Ok) { Files = [File("a", "one")] }, costFollows: false);
        Assert.Throws<FormatException>(() => RunOutcome.Read(bytes.Slice(0, bytes.Length - 1)));
    }

    private static ReadOnlySequence<byte> Framed(string head, string body) =>
        new([.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(head)), .. Encoding.UTF8.GetBytes(head), .. Encoding.UTF8.GetBytes(body)]);

    private static RunFile File(string name, string content) => new(name, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(content)));

    private static string Show(RunFile file) => $"{file.Name}={Text(file.Content.ToArray())}";

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
