using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Scripts;
using Faas.Http.Wire.Events;
using Xunit;

namespace Faas.Http.Tests.Wire.Events;

public sealed class ServerSentEventsTests
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ServerSentEvents _events;

    public ServerSentEventsTests() => _events = new ServerSentEvents(_output);

    private string Written => Encoding.UTF8.GetString(_output.WrittenSpan);

    [Fact]
    public void The_bytes_are_those_of_the_contract()
    {
        Log("one");
        Log("two");
        Log("""{"progress":2}""");
        Assert.Equal(
            """
            id: 1
            data: {"event":"log","data":"one","type":"text"}

            id: 2
            data: {"event":"log","data":"two","type":"text"}

            id: 3
            data: {"event":"log","data":{"progress":2},"type":"json"}


            """,
            Written);
    }

    [Theory]
    [InlineData("0", "0", "number")]
    [InlineData(" -1.5e3 ", "-1.5e3", "number")]
    [InlineData("\"said\"", "\"said\"", "string")]
    [InlineData("[1,2]", "[1,2]", "json")]
    [InlineData("true", "true", "json")]
    [InlineData("null", "null", "json")]
    [InlineData("", "\"\"", "text")]
    [InlineData("  two  words ", "\"  two  words \"", "text")]
    [InlineData("{'a':1}", "\"{'a':1}\"", "text")]
    [InlineData("2024-01-01 [INFO] ok", "\"2024-01-01 [INFO] ok\"", "text")]
    [InlineData("NaN", "\"NaN\"", "text")]
    [InlineData("01", "\"01\"", "text")]
    [InlineData("50%\r100%", "\"50%\\r100%\"", "text")]
    [InlineData("{\"a\":\r1}", "{\"a\": 1}", "json")]
    public void A_line_is_the_json_that_it_is_or_text(string line, string data, string type)
    {
        Log(line);
        Assert.Equal($"id: 1\ndata: {{\"event\":\"log\",\"data\":{data},\"type\":\"{type}\"}}\n\n", Written);
    }

    [Fact]
    public void A_line_of_stderr_says_so()
    {
        Log("oops", OutputStream.Stderr);
        Assert.Equal("id: 1\ndata: {\"event\":\"log\",\"data\":\"oops\",\"type\":\"text\",\"stream\":\"stderr\"}\n\n", Written);
    }

    [Fact]
    public void No_event_has_a_line_separator_that_a_client_could_end_a_line_at()
    {
        const string text = "a\u2028b\u2029c\u0085d";
        Log(text);
        Log($"[\"{text}\"]");
        End(new Outcome(Reason.Ok) { Data = new ResultData(Encoding.UTF8.GetBytes($"\"{text}\""), DataType.String) });
        End(new Outcome(Reason.Error) { Detail = text, Error = new ScriptError("Error", text, Stack: text) });
        Assert.DoesNotContain(Written, character => character is '\u2028' or '\u2029' or '\u0085');
        Assert.Equal(6, Written.Split("a\\u2028b\\u2029c\\u0085d").Length);
    }

    [Fact]
    public void A_hint_is_in_the_last_event()
    {
        End(new Outcome(Reason.Ok) { Data = ResultParser.Null, Hint = "Why." });
        Assert.StartsWith("id: 1\ndata: {\"event\":\"result\",\"data\":null,\"type\":\"json\",\"hint\":\"Why.\",", Written, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_utf8_becomes_a_replacement_character()
    {
        _events.Log(new OutputLine(OutputStream.Stdout, new byte[] { (byte)'"', 0xFF, (byte)'"' }, false));
        Assert.Equal("id: 1\ndata: {\"event\":\"log\",\"data\":\"\\\"\uFFFD\\\"\",\"type\":\"text\"}\n\n", Written);
    }

    [Fact]
    public void Pieces_of_a_line_are_text_until_the_line_ends()
    {
        Log("12", partial: true);
        Log("7", OutputStream.Stderr);
        Log("34", partial: true);
        Log("5");
        Log("6");
        Assert.Equal(
            """
            id: 1
            data: {"event":"log","data":"12","type":"text","partial":true}

            id: 2
            data: {"event":"log","data":7,"type":"number","stream":"stderr"}

            id: 3
            data: {"event":"log","data":"34","type":"text","partial":true}

            id: 4
            data: {"event":"log","data":"5","type":"text"}

            id: 5
            data: {"event":"log","data":6,"type":"number"}


            """,
            Written);
    }

    [Fact]
    public void The_result_is_the_same_as_in_a_json_reply()
    {
        End(new Outcome(Reason.Ok) { Data = new ResultData("{\n\"sum\": 30}"u8.ToArray(), DataType.Json) });
        Assert.Equal(
            "id: 1\ndata: {\"event\":\"result\",\"data\":{ \"sum\": 30},\"type\":\"json\",\"stats\":{\"cpuSeconds\":0,\"maxRssBytes\":0,\"wallSeconds\":0}}\n\n",
            Written);
    }

    [Fact]
    public void A_result_that_is_only_the_end_of_what_was_printed_says_so()
    {
        End(new Outcome(Reason.Ok) { Data = new ResultData("\"tail\""u8.ToArray(), DataType.Text, Partial: true) });
        Assert.Equal(
            "id: 1\ndata: {\"event\":\"result\",\"data\":\"tail\",\"type\":\"text\",\"stats\":{\"cpuSeconds\":0,\"maxRssBytes\":0,\"wallSeconds\":0},\"partial\":true}\n\n",
            Written);
    }

    [Fact]
    public void An_error_has_one_line_its_reason_and_what_is_known()
    {
        End(new Outcome(Reason.Error)
        {
            Detail = "TypeError: x is\nnot a function",
            Error = new ScriptError("TypeError", "x is\nnot a function", "TypeError: x\n    at script.js:1:2"),
            Logs = "printed before",
        });
        Assert.Equal(
            "id: 1\n" + """data: {"event":"error","data":"TypeError: x is not a function","type":"text","reason":"error","name":"TypeError","message":"x is\nnot a function","stack":"TypeError: x\n    at script.js:1:2","stats":{"cpuSeconds":0,"maxRssBytes":0,"wallSeconds":0}}""" + "\n\n",
            Written);
    }

    [Theory]
    [InlineData(Reason.Exit, 3, null, ",\"exitCode\":3")]
    [InlineData(Reason.Signal, null, "SIGSEGV", ",\"signal\":\"SIGSEGV\"")]
    [InlineData(Reason.Timeout, null, null, "")]
    public void How_a_script_ended_itself_is_told(Reason reason, int? exitCode, string? signal, string members)
    {
        End(new Outcome(reason) { Detail = "It ended.", ExitCode = exitCode, Signal = signal });
        Assert.Equal(
            $"id: 1\ndata: {{\"event\":\"error\",\"data\":\"It ended.\",\"type\":\"text\",\"reason\":\"{reason.ToWire()}\"{members},\"stats\":{{\"cpuSeconds\":0,\"maxRssBytes\":0,\"wallSeconds\":0}}}}\n\n",
            Written);
    }

    [Fact]
    public void A_ping_is_a_comment_and_takes_no_id()
    {
        EventFrames.Ping(_output);
        Log("1");
        Assert.Equal(": ping\n\nid: 1\ndata: {\"event\":\"log\",\"data\":1,\"type\":\"number\"}\n\n", Written);
    }

    [Fact]
    public void Every_line_makes_exactly_one_event_of_valid_json() => Gen.Byte.Array[0, 100].Array[1, 5].Sample(lines =>
    {
        var output = new ArrayBufferWriter<byte>();
        var events = new ServerSentEvents(output);
        foreach (var line in lines)
        {
            events.Log(new OutputLine(OutputStream.Stdout, line, false));
        }

        var messages = Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length, messages.Length);
        Assert.All(messages, message =>
        {
            var fields = message.Split('\n', '\r');
            Assert.Equal(2, fields.Length);
            using var json = JsonDocument.Parse(fields[1]["data: ".Length..]);
            Assert.Equal("log", json.RootElement.GetProperty("event").GetString());
        });
    });

    private void End(Outcome outcome) =>
        Assert.True(_events.EndAsync(outcome, () => ValueTask.FromResult(true)).AsTask().IsCompletedSuccessfully);

    private void Log(string line, OutputStream stream = OutputStream.Stdout, bool partial = false) =>
        _events.Log(new OutputLine(stream, Encoding.UTF8.GetBytes(line), partial));
}
