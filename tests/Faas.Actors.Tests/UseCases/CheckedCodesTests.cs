using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class CheckedCodesTests
{
    private readonly CheckedCodes _codes = new();

    [Fact]
    public void It_knows_what_was_added_and_nothing_else()
    {
        _codes.Add(ScriptCode.Of(Language.Python, "return 1"));

        Assert.True(_codes.Knows(ScriptCode.Of(Language.Python, "return 1")));
        Assert.False(_codes.Knows(ScriptCode.Of(Language.JavaScript, "return 1")));
        Assert.False(_codes.Knows(ScriptCode.Of(Language.Python, "return 2")));
    }

    [Fact]
    public void It_forgets_the_first_ones_when_there_are_too_many()
    {
        var codes = Enumerable.Range(0, CheckedCodes.Most + 1).Select(number => ScriptCode.Of(Language.Python, $"return {number}")).ToList();

        codes.ForEach(_codes.Add);
        codes.ForEach(_codes.Add);

        Assert.Equal([codes[^2], codes[^1]], codes.Where(_codes.Knows).TakeLast(2));
        Assert.Equal(CheckedCodes.Most, codes.Count(_codes.Knows));
    }
}
