using Faas.Http.Server;
using Xunit;

namespace Faas.Http.Tests.Server;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", Verb.Serve)]
    [InlineData("doctor", Verb.Doctor)]
    [InlineData("--help", Verb.Help)]
    [InlineData("-h", Verb.Help)]
    [InlineData("--version", Verb.Version)]
    [InlineData("--check-config", Verb.CheckConfig)]
    [InlineData("--print-config", Verb.PrintConfig)]
    public void An_argument_is_a_verb_and_none_is_to_serve(string arguments, Verb verb) =>
        Assert.Equal(verb, CommandLine.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), out _));

    [Theory]
    [InlineData("docter", "\"docter\" is not understood; did you mean doctor?")]
    [InlineData("--chek-config", "\"--chek-config\" is not understood; did you mean --check-config?")]
    [InlineData("--port", "\"--port\" is not understood; faas-server --help says what is.")]
    [InlineData("doctor --help", "\"doctor --help\" is too much; one argument is allowed.")]
    public void What_is_no_verb_is_refused_with_the_one_that_was_meant(string arguments, string why)
    {
        Assert.Null(CommandLine.Parse(arguments.Split(' '), out var wrong));
        Assert.Equal(why, wrong);
    }

    [Fact]
    public void The_help_names_every_argument() =>
        Assert.All(
            ["doctor", "--check-config", "--print-config", "--version", "--help"],
            name => Assert.Contains($"\n  {name} ", CommandLine.Help, StringComparison.Ordinal));
}
