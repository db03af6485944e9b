using Faas.Actors.Runs.Kept;
using Xunit;

namespace Faas.Actors.Tests.Runs.Kept;

/// <summary>Which calls are the same.</summary>
public sealed class KeptOnceTests
{
    private static readonly byte[] s_input = "{}"u8.ToArray();

    [Fact]
    public void A_name_stands_for_one_caller_one_script_and_one_key_whatever_is_asked()
    {
        var name = Of("a", "b", "c").Name;
        Assert.Equal(name, KeptOnce.Of("a", "b", "c", ["other"], "[]"u8.ToArray()).Name);
        Assert.Equal(
            5,
            new[] { name, Of(null, "b", "c").Name, Of("", "b", "c").Name, Of("ab", "", "c").Name, Of("a", "bc", "").Name }.Distinct().Count());
    }

    [Fact]
    public void Calls_that_ask_for_the_same_have_one_print_and_each_difference_another()
    {
        var print = KeptOnce.Of("a", "b", "c", ["1", null], s_input).Print;
        Assert.Equal(print, KeptOnce.Of("x", "y", "z", ["1", null], s_input).Print);
        Assert.Equal(
            4,
            new[]
            {
                print,
                KeptOnce.Of("a", "b", "c", ["1", ""], s_input).Print,
                KeptOnce.Of("a", "b", "c", [null, "1"], s_input).Print,
                KeptOnce.Of("a", "b", "c", ["1", null], "{ }"u8.ToArray()).Print,
            }.Distinct().Count());
        Assert.Equal((64, 64), (print.Length, Of("a", "b", "c").Name.Length));
    }

    private static KeptOnce Of(string? caller, string path, string key) => KeptOnce.Of(caller, path, key, [], s_input);
}
