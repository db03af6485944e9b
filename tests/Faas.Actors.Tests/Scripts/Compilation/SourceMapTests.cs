using CsCheck;
using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

public sealed class SourceMapTests
{
    private static readonly Gen<SourceMap.Segment[]> s_segments = Gen.Select(
        Gen.Int[0, 5],
        Gen.Int[0, 300],
        Gen.OneOf(1, 4, 5),
        Gen.Int[0, 2],
        Gen.Int[0, 1_000_000],
        Gen.Int[0, 4000],
        Gen.Int[0, 40]).Array[0, 60].Select(InOrder);

    [Fact]
    public void Segments_come_back_as_they_were_written() => s_segments.Sample(segments =>
    {
        var map = SourceMap.Parse("""{"version":3,"sources":["script.ts"],"names":[],"mappings":""}""").With(segments);

        Assert.Equal(segments.Select(Told), SourceMap.Parse(map.ToString()).Segments.Select(Told));
    });

    [Fact]
    public void What_is_not_changed_stays_as_esbuild_wrote_it()
    {
        const string json = """{"version":3,"sources":["script.ts"],"mappings":"AAAA,OAAO,QAAQ;AAAW,MAAO;;IAAkBA","names":["A"]}""";

        Assert.Equal(json, SourceMap.Parse(json).ToString());
    }

    [Theory]
    [InlineData("A!")]
    [InlineData("AA")]
    [InlineData("g")]
    [InlineData("gggggggggggA")]
    [InlineData("AAAAAA")]
    public void A_segment_that_is_none_is_named(string mappings)
    {
        var failure = Assert.Throws<FormatException>(() => SourceMap.Parse($$"""{"version":3,"mappings":"{{mappings}}"}"""));

        Assert.Contains($"\"{mappings}\"", failure.Message, StringComparison.Ordinal);
    }

    private static object Told(SourceMap.Segment segment) => segment.Fields switch
    {
        1 => (segment.Line, segment.Column),
        4 => (segment.Line, segment.Column, segment.Source, segment.SourceLine, segment.SourceColumn),
        _ => segment,
    };

    // Names and sources of segments that have none are whatever came before, as in a map that was read.
    private static SourceMap.Segment[] InOrder(
        (int Line, int Column, int Fields, int Source, int SourceLine, int SourceColumn, int Name)[] raw) =>
    [
        .. raw
            .Select(one => new SourceMap.Segment(
                one.Line, one.Column, one.Fields, one.Source, one.SourceLine, one.SourceColumn, one.Name))
            .OrderBy(one => (one.Line, one.Column)),
    ];
}
