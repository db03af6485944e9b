using CsCheck;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

public sealed class ScriptStateTests
{
    private static readonly ScriptCode s_code = ScriptCode.Of(Language.Python, "return 'ä'");

    [Fact]
    public void The_first_version_is_the_unix_second_of_its_upload()
    {
        var uploaded = ScriptState.Empty("a/b").Decide(Publish(DateTimeOffset.FromUnixTimeSeconds(1_739_000_000)));

        Assert.Equal(("a/b", 1_739_000_000), (uploaded.Path, uploaded.Version.Number));
        Assert.Equal(
            (Language.Python, s_code.Hash, 11), (uploaded.Version.Language, uploaded.Version.CodeHash, uploaded.Version.CodeBytes));
    }

    [Fact]
    public void Versions_strictly_increase_whatever_the_clock_does() =>
        Gen.Long[-1_000, 4_000_000_000].Array[1, 200].Sample(seconds =>
        {
            var state = seconds.Aggregate(
                ScriptState.Empty("p"),
                (state, second) => state.Apply(state.Decide(Publish(DateTimeOffset.FromUnixTimeSeconds(second)))));

            var numbers = state.Versions.Select(version => version.Number).ToArray();
            return numbers.Length == seconds.Length
                && numbers.Zip(numbers.Skip(1), (earlier, later) => earlier < later).All(rising => rising)
                && numbers.Zip(seconds, (number, second) => number >= second).All(notBefore => notBefore)
                && numbers.All(number => state.Find(number)!.Number == number)
                && state.Find(null) == state.Latest
                && state.Find(numbers[^1] + 1) is null
                && state.Summary == new ScriptSummary("p", state.Versions[^1], numbers.Length);
        });

    [Fact]
    public void A_version_has_the_time_of_its_upload_though_its_number_runs_ahead_of_the_clock()
    {
        var begun = DateTimeOffset.FromUnixTimeSeconds(1_739_000_000).AddMilliseconds(125);
        DateTimeOffset[] times = [.. Enumerable.Range(0, 5).Select(upload => begun.AddMilliseconds(upload))];

        var state = times.Aggregate(ScriptState.Empty("p"), (state, at) => state.Apply(state.Decide(Publish(at))));

        Assert.Equal(
            Enumerable.Range(0, 5).Select(upload => (1_739_000_000L + upload, times[upload])),
            state.Versions.Select(version => (version.Number, version.At)));
        Assert.Equal((times[4], times[0]), (state.Summary!.Latest.At, state.Describe()!.Created));
    }

    [Fact]
    public void A_script_without_versions_has_no_latest_and_no_line_in_the_list()
    {
        var state = ScriptState.Empty("p");

        Assert.Null(state.Find(null));
        Assert.Null(state.Find(1));
        Assert.Null(state.Summary);
    }

    [Theory]
    [InlineData(null, 2, "5,4", true)]
    [InlineData(null, 9, "5,4,3,2,1", false)]
    [InlineData(4L, 2, "3,2", true)]
    [InlineData(3L, 2, "2,1", false)]
    [InlineData(1L, 2, "", false)]
    [InlineData(99L, 1, "5", true)]
    [InlineData(-1L, 1, "", false)]
    public void Versions_are_read_in_pages_newest_first(long? before, int most, string expected, bool hasMore)
    {
        var state = Enumerable.Range(0, 5).Aggregate(
            ScriptState.Empty("p"), (state, _) => state.Apply(state.Decide(Publish(DateTimeOffset.FromUnixTimeSeconds(1)))));

        var page = state.Before(before, most);

        Assert.Equal((expected, hasMore), (string.Join(',', page.Versions.Select(version => version.Number)), page.HasMore));
    }

    [Fact]
    public void A_snapshot_gives_the_same_state_back()
    {
        var state = Enumerable.Range(0, 50).Aggregate(
            ScriptState.Empty("p"),
            (state, _) => state.Apply(state.Decide(Publish(DateTimeOffset.UnixEpoch))));

        var restored = ScriptState.From(state.ToSnapshot());

        Assert.Equal(state.Versions, restored.Versions);
        Assert.Equal(state.Path, restored.Path);
    }

    private static PublishVersion Publish(DateTimeOffset at) => PublishVersion.Of("p", s_code, at, ScriptSettings.Default);
}
