using System.Text;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.Tests.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Runs.Kept;

/// <summary>The stored form of a kept run, and the small rules around it.</summary>
public sealed class KeptFormTests
{
    private const string Call =
        """{"path":"math/add","version":1739000000,"alias":"stable","language":"python","isolation":"process","via":"run","received":"1970-01-01T00:00:00+00:00","key":"ci","caller":"key ci","priority":5,"notBefore":"1970-01-02T00:00:00+00:00","traceParent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","inputBytes":2}""";

    private const string End =
        """{"reason":"error","detail":"ValueError: no","error":{"name":"ValueError","message":"no","stack":"line 1","line":1,"column":2,"file":"main.py"},"exitCode":3,"signal":"SIGSEGV","hint":"It printed JSON.","type":"json","start":"warm","started":"1970-01-01T00:00:00+00:00","runSeconds":0.25,"cpuSeconds":0.125,"memoryBytes":4096,"resultBytes":7,"resultCut":true}""";

    private const string Retried =
        """{"path":"math/add","version":1739000000,"language":"python","isolation":"process","via":"run","received":"1970-01-01T00:00:00+00:00","priority":5,"asynchronous":true,"retry":{"attempts":3,"on":["timeout","sandbox"],"delay":0.5,"maxDelay":60},"inputBytes":2}""";

    private const string Chained =
        """{"path":"math/add","version":1739000000,"language":"python","isolation":"process","via":"run","received":"1970-01-01T00:00:00+00:00","priority":5,"then":{"success":{"path":"mail/send","version":"stable","then":{"failure":{"path":"b"}}},"failure":{"path":"ops/alert"}},"previous":"c~k1","depth":2,"inputBytes":2}""";

    private const string Failure = """{"reason":"timeout","detail":"It took too long."}""";

    private const string Lines = """[{"text":"größer","partial":true},{"stream":"stderr","text":"care","rest":true}]""";

    [Fact]
    public void What_is_stored_stays_readable_for_ever()
    {
        var (call, end, lines) = KeptExample.Whole;
        Assert.Equal((Call, End, Lines), (Text(KeptJson.BytesOf(call)), Text(KeptJson.BytesOf(end)), Text(KeptJson.BytesOf(lines))));
        Assert.Equal((call, end), (KeptJson.CallOf(Bytes(Call)), KeptJson.EndOf(Bytes(End))));
        Assert.Equal(lines, KeptJson.LinesOf(Bytes(Lines)));
        Assert.Throws<StoreException>(() => KeptJson.LinesOf([]));
    }

    [Fact]
    public void A_task_says_how_long_it_is_one()
    {
        var task = Call.Replace("\"inputBytes", "\"taskTtl\":60000,\"inputBytes", StringComparison.Ordinal);
        var call = KeptExample.Whole.Call with { TaskTtl = 60_000 };
        Assert.Equal((task, call), (Text(KeptJson.BytesOf(call)), KeptJson.CallOf(Bytes(task))));
    }

    [Fact]
    public void The_policy_and_the_last_failure_of_a_run_stay_readable_for_ever()
    {
        var call = KeptExample.Call() with { Asynchronous = true, Retry = KeptExample.Retry };
        var failure = new KeptFailure("timeout", "It took too long.") { At = DateTimeOffset.UnixEpoch };
        Assert.Equal((Retried, Failure), (Text(KeptJson.BytesOf(call)), Text(KeptJson.BytesOf(failure))));
        Assert.Equal(call, KeptJson.CallOf(Bytes(Retried)));
        Assert.Equal(failure, KeptJson.FailureOf(Bytes(Failure)) with { At = DateTimeOffset.UnixEpoch });
        Assert.Throws<StoreException>(() => KeptJson.CallOf(Bytes(Retried.Replace("sandbox", "later", StringComparison.Ordinal))));
    }

    [Fact]
    public void What_a_run_hands_on_to_stays_readable_for_ever_however_long_the_chain_is()
    {
        var call = KeptExample.Call() with { Then = KeptExample.Then, Previous = "c~k1", Depth = 2 };
        Assert.Equal(Chained, Text(KeptJson.BytesOf(call)));
        Assert.Equal(call, KeptJson.CallOf(Bytes(Chained)));
        var longest = Enumerable.Range(0, KeptRunsOptions.HighestChainDepth).Aggregate(
            (KeptThen?)null, (then, _) => new KeptThen { Success = new KeptDestination("a") { Then = then } });
        call = call with { Then = longest };
        Assert.Equal(KeptRunsOptions.HighestChainDepth, KeptJson.CallOf(KeptJson.BytesOf(call)).Then!.Levels);
    }

    [Fact]
    public void How_long_records_are_kept_is_stored_with_the_call_and_left_out_where_the_operator_says_it()
    {
        var call = KeptExample.Whole.Call with { Retention = new RunRetention(3, TimeSpan.FromMinutes(1)) };
        var stored = Call.Replace(",\"inputBytes\"", ",\"retention\":{\"count\":3,\"age\":60},\"inputBytes\"", StringComparison.Ordinal);
        Assert.Equal(stored, Text(KeptJson.BytesOf(call)));
        Assert.Equal(call, KeptJson.CallOf(Bytes(stored)));
    }

    [Fact]
    public void The_callback_of_a_call_and_what_came_of_it_stay_readable_and_a_call_has_none_without_the_member()
    {
        const string callback = """
            ,"callback":{"url":"https://example.com/done?token=1","format":"plain","on":"failed"}
            """;
        const string answer = """{"status":503}""";
        const string error = """{"error":"No address."}""";
        var call = KeptExample.Whole.Call with
        {
            Callback = new KeptCallback("https://example.com/done?token=1", CallbackFormat.Plain) { On = CallbackOutcome.Failed },
        };
        var whole = Call.Replace(",\"inputBytes\"", $"{callback},\"inputBytes\"", StringComparison.Ordinal);
        Assert.Equal((whole, call), (Text(KeptJson.BytesOf(call)), KeptJson.CallOf(Bytes(whole))));
        Assert.Null(KeptJson.CallOf(Bytes(Call)).Callback);
        Assert.Equal("https://example.com/done", call.Callback.ShownUrl);
        Assert.Equal(answer, Text(KeptJson.BytesOf(new CallbackAnswer(503, null))));
        Assert.Equal(new CallbackAnswer(null, "No address."), KeptJson.AnswerOf(Bytes(error)));
        Assert.Equal(new CallbackAnswer(503, null), KeptJson.AnswerOf(Bytes(answer)));
    }

    [Fact]
    public void A_member_of_a_later_version_is_left_alone_and_nonsense_is_an_error_of_the_store()
    {
        Assert.Equal(KeptExample.Whole.Call, KeptJson.CallOf(Bytes(Call.Replace("{\"path", "{\"later\":[1],\"path", StringComparison.Ordinal))));
        Assert.StartsWith(
            "A kept run cannot be read: ", Assert.Throws<StoreException>(() => KeptJson.EndOf("{}"u8)).Message, StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => KeptJson.CallOf("null"u8));
    }

    [Fact]
    public void Only_ids_of_kept_runs_have_their_form()
    {
        var (one, other) = (KeptIds.Next("call~1"), KeptIds.Next("call~1"));
        Assert.StartsWith("call~1~k", one, StringComparison.Ordinal);
        Assert.NotEqual(one, other);
        Assert.True(KeptIds.Is(one));
        Assert.All(["", "call", "call~7", "call~k", "k0123456789abcdef", "call~k0123456789abcdeX", one + "0"], id => Assert.False(KeptIds.Is(id)));
    }

    [Fact]
    public void A_seat_says_which_start_of_which_server_has_it()
    {
        var seat = new KeptSeat("[::1]:4053", "a", 3);
        Assert.Equal(seat, KeptSeat.Parse(seat.ToString()));
        Assert.All(["", "a|b", "a|b|c", "a|b|1|2"], text => Assert.Null(KeptSeat.Parse(text)));
        Assert.True((seat with { Incarnation = "b" }).IsOfEarlierStart(seat));
        Assert.False((seat with { Number = 4 }).IsOfEarlierStart(seat));
        Assert.False((seat with { Node = "[::2]:4053", Incarnation = "b" }).IsOfEarlierStart(seat));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
