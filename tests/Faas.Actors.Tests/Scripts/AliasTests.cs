using System.Globalization;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

public sealed class AliasTests
{
    private const int Calls = 10_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public void Ten_thousand_calls_are_split_as_the_weights_say_drawn_or_by_a_header(int weight)
    {
        var target = new AliasTarget(1, weight, 2);
        var random = new Random(15);
        var drawn = Enumerable.Range(0, Calls).Count(_ => target.Choose(AliasSample.Random(random)) == 1);
        var sticky = Enumerable.Range(0, Calls).Count(user => target.Choose(AliasSample.Of("p", "stable", $"user-{user}")) == 1);

        var share = weight / 100.0;
        var sigma = Math.Sqrt(Calls * share * (1 - share));
        Assert.InRange(drawn, (Calls * share) - (3 * sigma), (Calls * share) + (3 * sigma));
        Assert.InRange(sticky, (Calls * share) - (3 * sigma), (Calls * share) + (3 * sigma));
    }

    [Fact]
    public void A_users_place_is_the_same_for_ever_and_another_scripts_is_another()
    {
        Assert.Equal((57, 57), (AliasSample.Of("p", "stable", "user-1"), AliasSample.Of("p", "stable", "user-1")));
        var same = Enumerable.Range(0, Calls).Select(user => user.ToString(CultureInfo.InvariantCulture))
            .Count(user => AliasSample.Of("p", "stable", user) == AliasSample.Of("q", "stable", user));
        Assert.InRange(same, 0, Calls / 50); // a hundredth, by chance
    }

    [Fact]
    public void A_split_that_moves_on_takes_no_user_back()
    {
        for (var sample = 0; sample < 100; sample++)
        {
            var newer = Enumerable.Range(0, 101).Where(share => new AliasTarget(1, 100 - share, 2).Choose(sample) == 2).ToArray();
            Assert.Equal(Enumerable.Range(newer[0], 101 - newer[0]), newer);
        }
    }

    [Theory]
    [InlineData("stable", true)]
    [InlineData("v1.2-rc_3", true)]
    [InlineData("1a", true)]
    [InlineData("", false)]
    [InlineData("12", false)]
    [InlineData("latest", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void A_name_is_one_that_no_version_has(string name, bool isValid)
    {
        Assert.Equal(isValid, AliasName.IsValid(name));
        Assert.False(AliasName.IsValid(new string('a', AliasName.MaxLength + 1)));
    }
}
