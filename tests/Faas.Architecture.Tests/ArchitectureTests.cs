using Faas.Architecture.Tests.Planted.Top;
using Xunit;

namespace Faas.Architecture.Tests;

/// <summary>The layers that docs/architecture.md draws, held by what the compiled code refers to.</summary>
public sealed class ArchitectureTests
{
    private static readonly IReadOnlyDictionary<(string From, string To), string> s_references =
        References.Of(typeof(Actors.Runs.Run).Assembly.Location, typeof(Http.Server.FaasServer).Assembly.Location);

    [Fact]
    public void No_room_refers_to_one_above_it() => Assert.Empty(Layers.Broken(s_references));

    [Fact]
    public void No_namespaces_refer_to_each_other_in_a_circle()
    {
        var circles = Circles.In(s_references.Keys);
        var causes = s_references
            .Where(one => circles.Any(circle => circle.Split(" ⇄ ") is var names && names.Contains(one.Key.From) && names.Contains(one.Key.To)))
            .Select(one => $"{one.Key.From} -> {one.Key.To} ({one.Value})");
        Assert.True(circles.Count == 0, string.Join('\n', [.. circles, .. causes]));
    }

    [Fact]
    public void There_is_something_to_look_at() => Assert.InRange(s_references.Count, 50, 1000);

    [Fact]
    public void A_planted_reference_against_the_layers_is_found()
    {
        var planted = new Dictionary<(string, string), string>(s_references) { [("Faas.Actors.Linux", "Faas.Actors.Pool")] = "Planted" };
        Assert.Equal("Faas.Actors.Linux refers to Faas.Actors.Pool (Planted)", Assert.Single(Layers.Broken(planted)));
    }

    [Fact]
    public void A_planted_circle_in_real_code_is_found()
    {
        var circles = Circles.In(References.Of(typeof(Planted.Bottom.Floor).Assembly.Location).Keys);
        Assert.Equal($"{typeof(Planted.Bottom.Floor).Namespace} ⇄ {typeof(Roof).Namespace}", Assert.Single(circles));
    }

    [Theory]
    [InlineData("Faas.Actors.Cellar", "Faas.Actors.Json")]
    [InlineData("Faas.Actors.Json", "Faas.Actors.Cellar")]
    public void A_room_without_a_place_in_the_layers_is_found(string from, string to) =>
        Assert.Single(Layers.Broken(new Dictionary<(string, string), string> { [(from, to)] = "Planted" }));
}
