using CsCheck;
using Faas.Http.Wire;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Faas.Http.Tests.Wire;

public sealed class PreferencesTests
{
    [Theory]
    [InlineData("respond-async", "respond-async=")]
    [InlineData("Respond-Async, WAIT=10", "respond-async=,wait=10")]
    [InlineData("respond-async;foo=\"a,b\" , wait = 5", "respond-async=,wait=5")]
    [InlineData("handling=\"a, \\\"b; respond-async\"", "handling=a, \"b; respond-async")]
    [InlineData("wait=1, wait=2", "wait=1")]
    [InlineData(", ,;x,=1", "")]
    [InlineData("", "")]
    public void They_are_read_as_RFC_7240_writes_them(string header, string read) =>
        Assert.Equal(read, string.Join(',', Preferences.Of(header).Select(one => $"{one.Key}={one.Value}")));

    [Theory]
    [InlineData("wait=10", 10)]
    [InlineData("wait=\"7\"", 7)]
    [InlineData("wait=4000", 3600)]
    [InlineData("wait=99999999999", 3600)]
    [InlineData("wait", null)]
    [InlineData("wait=-1", null)]
    [InlineData("wait=1.5", null)]
    [InlineData("respond-async", null)]
    public void A_wait_is_whole_seconds_up_to_an_hour(string header, int? seconds) => Assert.Equal(seconds, Preferences.SecondsOf(header));

    [Theory]
    [InlineData("respond-async, handling=lenient", "respond-async")]
    [InlineData("wait=07, respond-async", "respond-async, wait=7")]
    [InlineData("wait=4000", "wait=3600")]
    [InlineData("handling=lenient", "")]
    public void An_answer_names_what_was_followed(string header, string applied) => Assert.Equal(applied, Preferences.AppliedOf(header));

    [Fact]
    public void Several_headers_are_one() => Assert.Equal(["a", "respond-async"], Preferences.Of(new StringValues(["a", "respond-async"])).Keys);

    [Fact]
    public void Any_preferences_that_are_written_are_read_again() =>
        Gen.Dictionary(Gen.Char['a', 'z'].Array[1, 5].Select(letters => new string(letters)), Gen.String[Gen.Char[' ', '~'], 0, 9])[0, 5]
            .Sample(written =>
            {
                string Quoted(string text) =>
                    $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
                var read = Preferences.Of(string.Join(" , ", written.Select(one => $"{one.Key}={Quoted(one.Value)}; p=\",\"")));
                Assert.Equal(written.OrderBy(one => one.Key), read.OrderBy(one => one.Key));
            });

    [Fact]
    public void No_text_breaks_the_reader() => Gen.String.Sample(text => Assert.NotNull(Preferences.Of(text)));
}
