using System.Text;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Tests.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Runs.Batches;

/// <summary>What is stored of a batch, its names and its state.</summary>
public sealed class BatchFormTests
{
    private const string Call =
        """{"path":"math/add","version":1739000000,"language":"python","isolation":"process","via":"run","received":"1970-01-01T00:00:00+00:00","priority":5,"batch":"call~b0123456789abcdef","index":7,"inputBytes":2}""";

    [Fact]
    public void A_call_says_its_batch_and_one_that_was_stored_before_has_none()
    {
        var call = KeptExample.Call() with { Batch = "call~b0123456789abcdef", Index = 7 };
        Assert.Equal(Call, Encoding.UTF8.GetString(KeptJson.BytesOf(call)));
        Assert.Equal(call, KeptJson.CallOf(Encoding.UTF8.GetBytes(Call)));
        var before = Call.Replace("\"batch\":\"call~b0123456789abcdef\",\"index\":7,", "", StringComparison.Ordinal);
        Assert.Equal(KeptExample.Call(), KeptJson.CallOf(Encoding.UTF8.GetBytes(before)));
    }

    [Fact]
    public void The_reason_is_the_first_member_of_an_end_because_the_scripts_of_the_store_read_it_there() =>
        Assert.StartsWith("{\"reason\":\"error\",", Encoding.UTF8.GetString(KeptJson.BytesOf(KeptExample.Whole.End)), StringComparison.Ordinal);

    [Fact]
    public void The_names_of_runs_follow_from_that_of_their_batch_and_all_differ()
    {
        var (one, other) = (BatchIds.Next("call~1"), BatchIds.Next("call~1"));
        Assert.StartsWith("call~1~b", one, StringComparison.Ordinal);
        Assert.True(BatchIds.Is(one));
        Assert.False(KeptIds.Is(one));
        Assert.All(["", "call", "call~7", "call~b", "call~k0123456789abcdef", one + "0"], id => Assert.False(BatchIds.Is(id)));
        var runs = Enumerable.Range(0, 100).Select(index => BatchIds.RunOf(one, index)).ToList();
        Assert.Equal(runs, Enumerable.Range(0, 100).Select(index => BatchIds.RunOf(one, index)));
        Assert.All(runs, run => Assert.True(KeptIds.Is(run) && run.StartsWith("call~1~k", StringComparison.Ordinal)));
        Assert.Equal(200, runs.Concat(Enumerable.Range(0, 100).Select(index => BatchIds.RunOf(other, index))).Distinct().Count());
    }

    [Fact]
    public void A_batch_runs_from_the_first_begin_to_the_last_end()
    {
        var batch = new Batch("call~b0123456789abcdef", 1, KeptExample.Call(), 2);
        Assert.Equal(
            [RunStage.Queued, RunStage.Running, RunStage.Running, RunStage.Ended],
            new[] { (2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 0, 2) }
                .Select(counts => (batch with { Queued = counts.Item1, Running = counts.Item2, Ended = counts.Item3 }).Stage));
    }
}
