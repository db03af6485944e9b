using System.Text;
using Faas.Actors.Runs;
using Xunit;

namespace Faas.Actors.Tests.Runs;

public sealed class ResultParserTests
{
    [Theory]
    [InlineData("\"a\"", DataType.String)]
    [InlineData("-1.5e3", DataType.Number)]
    [InlineData(" 7 ", DataType.Number)]
    [InlineData("{\"a\":1}", DataType.Json)]
    [InlineData("[]", DataType.Json)]
    [InlineData("true", DataType.Json)]
    [InlineData("null", DataType.Json)]
    public void A_values_type_is_that_of_its_json(string json, DataType type)
    {
        var data = ResultParser.FromJson(Encoding.UTF8.GetBytes(json));
        Assert.Equal((json, type), (Text(data!), data!.Type));
    }

    [Theory]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("{}{}")]
    [InlineData("[1,]")]
    [InlineData("'a'")]
    public void What_is_not_one_json_value_is_none(string text) => Assert.Null(ResultParser.FromJson(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Json_with_bytes_that_are_not_utf8_is_none() =>
        Assert.Null(ResultParser.FromJson(new byte[] { (byte)'"', 0xff, (byte)'"' }));

    [Fact]
    public void A_value_leaves_on_one_line_because_an_event_is_a_line() =>
        Assert.Equal("{  \"a\\n\": 1}", Text(ResultParser.FromJson("{\r\n\"a\\n\": 1}"u8.ToArray())!));

    [Theory]
    [InlineData("", "null", DataType.Json)]
    [InlineData(" \n\n", "null", DataType.Json)]
    [InlineData("hello\n", "\"hello\"", DataType.Text)]
    [InlineData("  a\n b \n", "\"a\\n b\"", DataType.Text)]
    [InlineData("{\"a\":1}\n", "{\"a\":1}", DataType.Json)]
    [InlineData("1\n2\nbye\n", "2", DataType.Number)]
    [InlineData("1\r\n\r\n", "1\r", DataType.Number)]
    [InlineData("\"x\"", "\"x\"", DataType.String)]
    [InlineData("say \"x\"", "\"say \\\"x\\\"\"", DataType.Text)]
    [InlineData("ä€", "\"ä€\"", DataType.Text)]
    [InlineData("{\n  \"a\": [\n    1,\n    2\n  ]\n}\n", "{   \"a\": [     1,     2   ] }", DataType.Json)]
    [InlineData("[\n1,\n2\n]\n3\n", "3", DataType.Number)]
    [InlineData("loading\n[\n1,\n2\n]\n", "2", DataType.Number)]
    public void Without_a_value_the_last_line_that_is_json_counts_and_else_the_text(string stdout, string json, DataType type)
    {
        var data = ResultParser.FromStdout(Encoding.UTF8.GetBytes(stdout), partial: false);
        Assert.Equal((json.Replace('\r', ' '), type), (Text(data), data.Type));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_become_replacement_characters() =>
        Assert.Equal("\"a\uFFFDb\"", Text(ResultParser.FromStdout(new byte[] { (byte)'a', 0xff, (byte)'b' }, partial: false)));

    [Fact]
    public void A_document_over_several_lines_counts_only_if_it_is_whole() =>
        Assert.Equal("2", Text(ResultParser.FromStdout("[\n1,\n2\n]"u8.ToArray(), partial: true)));

    [Fact]
    public void The_first_line_of_a_cut_text_is_no_value_because_its_beginning_is_lost()
    {
        var data = ResultParser.FromStdout("23\nend"u8.ToArray(), partial: true);
        Assert.Equal((DataType.Text, true), (data.Type, data.Partial));
    }

    private static string Text(ResultData data) => Encoding.UTF8.GetString(data.Json.Span);
}
