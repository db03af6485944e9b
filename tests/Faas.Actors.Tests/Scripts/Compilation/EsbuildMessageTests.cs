using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

public sealed class EsbuildMessageTests
{
    [Fact]
    public void Each_error_is_read_with_its_place()
    {
        const string stderr = """
            ✘ [ERROR] Expected ")" but found ";"

                script.ts:12:8:
                  12 │ ä("ü" ; x
                     │       ^
                     ╵       )

            ✘ [ERROR] A return statement cannot be used here:

                script.ts:2:0:
                  2 │ return
                    ╵ ~~~~~~


            """;

        Assert.Equal(
            [new EsbuildMessage("Expected \")\" but found \";\"", 12, 8), new EsbuildMessage(
                "A return statement cannot be used here", 2, 0)],
            EsbuildMessage.ReadAll(stderr.ReplaceLineEndings("\n")));
    }

    [Fact]
    public void An_error_without_a_place_is_an_error() =>
        Assert.Equal(
            [new EsbuildMessage("Invalid target \"x\"", 0, 0)], EsbuildMessage.ReadAll("✘ [ERROR] Invalid target \"x\"\n\n1 error\n"));

    [Fact]
    public void Where_there_is_none_none_is_read() => Assert.Empty(EsbuildMessage.ReadAll("panic: runtime error\n\nscript.ts:1:2:\n"));
}
