using Faas.Actors.Json;
using Xunit;

namespace Faas.Actors.Tests.Json;

public sealed class NearestNameTests
{
    private static readonly string[] s_known = ["input", "stream", "stats", "version", "idle-ttl"];

    [Theory]
    [InlineData("inputs", "input")]
    [InlineData("Input", "input")]
    [InlineData("inptu", "input")]
    [InlineData("versoin", "version")]
    [InlineData("steam", "stream")]
    [InlineData("idle-tll", "idle-ttl")]
    [InlineData("event", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void A_name_that_is_nearly_known_is_meant(string name, string? meant) => Assert.Equal(meant, NearestName.Of(name, s_known));

    [Fact]
    public void A_very_long_name_is_compared_with_nothing() => Assert.Null(NearestName.Of(new string('i', 100_000), s_known));

    [Fact]
    public void Where_nothing_is_known_nothing_is_meant() => Assert.Null(NearestName.Of("input", []));
}
