using Akka.Configuration;
using CsCheck;
using Faas.Actors.Configuration;
using Faas.Http.Configuration.Hocon;
using Xunit;

namespace Faas.Http.Tests.Configuration;

public sealed class HoconReaderTests
{
    [Theory]
    [InlineData("a = b", "a=b")]
    [InlineData("a.b-c.d_1 : x y  # comment", "a.b-c.d_1=x y")]
    [InlineData("a { b = 1, c = 2 }\nd = 3", "a.b=1 a.c=2 d=3")]
    [InlineData("{ a { b = 1 } }", "a.b=1")]
    [InlineData("a {\n  // comment }\n  b = \"x # \\\"y\\\" } \\u0041\"\n}", "a.b=x # \"y\" } A")]
    [InlineData("a = \"\"\"one\n\"two\" \"\"\"", "a=one\n\"two\" ")]
    [InlineData("a = []", "a=[]")]
    [InlineData("a = [x, \"y z\"\n  w # c\n]", "a=[x|y z|w]")]
    [InlineData("a = ${?NAME}\nb = /usr/bin/x", "a=$NAME b=/usr/bin/x")]
    [InlineData("\"a b\".c = 10.5", "a b.c=10.5")]
    [InlineData("\uFEFFa = 1\r\nb = 2\r\n", "a=1 b=2")]
    [InlineData("a = ::1\nb = 127.0.0.1:80", "a=::1 b=127.0.0.1:80")]
    [InlineData("", "")]
    [InlineData("# nothing", "")]
    public void A_settings_file_is_its_assignments(string text, string expected) => Assert.Equal(expected, Show(text));

    [Theory]
    [InlineData("a = 1\nb {", "line 2: this '{' is not closed.")]
    [InlineData("a { b = 1 }\n}", "line 2: '}' closes nothing.")]
    [InlineData("a {{ b = 1 } }", "line 1: a key is expected, not '{'.")]
    [InlineData("a { b = 1 }}", "line 1: '}' closes nothing.")]
    [InlineData("a\nb = 1", "line 1: \"a\" has no value: write a = value.")]
    [InlineData("a = \nb = 1", "line 1: \"a\" has no value: an empty text is written \"\".")]
    [InlineData("a = 1, b", "line 1: \"b\" has no value: write b = value.")]
    [InlineData("a = b = c", "line 1: '=' stands in the value of \"a\": put the value in quotes.")]
    [InlineData("a = https://x", "line 1: '/' stands in the value of \"a\": put the value in quotes.")]
    [InlineData("a = x\"y\"", "line 1: '\"' stands in the value of \"a\": put the value in quotes.")]
    [InlineData("a = \"x\" y", "line 1: 'y' follows the value of \"a\": put the value in quotes.")]
    [InlineData("a = \"x\nb = 1", "line 1: this quoted text is not closed on its line.")]
    [InlineData("a = \"\"\"x\nb = 1", "line 1: this text in three quotes is not closed.")]
    [InlineData("a = \"\\q\"", "line 1: \\q is no escape in a quoted text.")]
    [InlineData("a = \"\\u00g0\"", "line 1: \\u needs four hexadecimal digits.")]
    [InlineData("a = [x y", "line 1: this '[' is not closed.")]
    [InlineData("a = [\"x\" y]", "line 1: 'y' follows a text in the list \"a\": put a comma between two texts.")]
    [InlineData("a = ${b}", "line 1: the only substitution is ${?NAME}, where NAME is an environment variable.")]
    [InlineData("a = ${?B C}", "line 1: the only substitution is ${?NAME}, where NAME is an environment variable.")]
    [InlineData("include \"b.conf\"", "line 1: \"include\" is not supported: write all settings into one file.")]
    [InlineData("a += 1", "line 1: \"a\" has no value: write a = value.")]
    [InlineData("= 1", "line 1: a key is expected, not '='.")]
    [InlineData("a..b = 1", "line 1: a key is expected, not '.'.")]
    [InlineData("{ a = 1 } b = 2", "line 1: 'b' stands behind the end of the settings.")]
    [InlineData("akka {\n loggers = [\"a\"\n}", "line 3: '}' closes nothing.")]
    [InlineData("akka { x = 1", "line 1: the bracket that '}' would close is open.")]
    public void What_is_no_setting_is_refused_with_its_line(string text, string why) =>
        Assert.Equal($"file, {why}", Assert.Throws<SettingException>(() => HoconReader.Read(text, "file")).Message);

    [Fact]
    public void The_section_of_Akka_is_handed_on_as_it_is()
    {
        var (entries, akka) = HoconReader.Read(
            "akka.loglevel = INFO # c\nfaas.pool.queue = 1\nakka {\n  a { b = [1, {c = 2}] }\n}\n", "file");
        Assert.Equal(["akka.loglevel", "faas.pool.queue", "akka"], entries.Select(entry => entry.Path));
        var config = ConfigurationFactory.ParseString(akka);
        Assert.Equal(("INFO", true), (config.GetString("akka.loglevel"), config.HasPath("akka.a.b")));
    }

    [Fact]
    public void Any_text_is_read_or_refused_in_one_line() => Gen.Char["ab.={}[]\"$?#/\\\n ,:u0"].Array[0, 60].Sample(
        letters =>
        {
            try
            {
                HoconReader.Read(new string(letters), "file");
            }
            catch (SettingException refused)
            {
                Assert.Matches(@"^file, line \d+: .", refused.Message);
            }
        },
        iter: 20_000);

    private static string Show(string text) => string.Join(' ', HoconReader.Read(text, "file").Entries
        .Where(entry => entry.Kind != HoconKind.Section)
        .Select(entry => entry.Kind switch
        {
            HoconKind.List => $"{entry.Path}=[{string.Join('|', entry.Texts)}]",
            HoconKind.Variable => $"{entry.Path}=${entry.Texts[0]}",
            _ => $"{entry.Path}={entry.Texts[0]}",
        }));
}
