using System.Text;
using System.Text.Json;
using Faas.Actors.Hosts;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Xunit;

namespace Faas.Actors.Tests.Runs;

public sealed class OutputMaskTests
{
    private const string Token = "tok-9f86d081";
    private const string Odd = "\"quoted\"\\ä\n\u0001🙂 key ";
    private static readonly OutputMask s_mask = Of(Token, Odd, "short", "12345678", "tok-9f86d081-longer");

    [Fact]
    public void The_value_of_a_sealed_secret_is_replaced_in_each_form_that_a_host_may_show()
    {
        const string Value = "s3cret/v\u00e4lue and more";
        var mask = new RunSecrets([], inEnv: false, [SealedSecret.Create("KEY", EgressRules.None, Encoding.UTF8.GetBytes(Value))]).Mask;
        var encoded = Uri.EscapeDataString(Value);
        foreach (var form in (string[])[Value, encoded, encoded.Replace("%20", "+", StringComparison.Ordinal),
            "s3cret%2fv%c3%a4lue%20and%20more", "s3cret%2fv%c3%a4lue+and+more"])
        {
            Assert.Equal("<***>", Encoding.UTF8.GetString(mask.Text(Encoding.UTF8.GetBytes($"<{form}>")).Span));
        }

        foreach (var user in (string[])["", "a", "ab", "abc"])
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Value}:"));
            var shown = Encoding.UTF8.GetString(mask.Text(Encoding.ASCII.GetBytes(basic)).Span);
            Assert.Contains("***", shown, StringComparison.Ordinal);
            Assert.InRange(shown.Length, 0, 20); // of more than 32
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("nothing", "nothing")]
    [InlineData("a tok-9f86d081 b", "a *** b")]
    [InlineData("tok-9f86d081tok-9f86d081", "******")]
    [InlineData("tok-9f86d081-longer", "***")]
    [InlineData("tok-9f86d081-long", "***-long")]
    [InlineData("tok-9f86d08", "tok-9f86d08")]
    [InlineData("tok-tok-9f86d081", "tok-***")]
    [InlineData("short", "short")]
    [InlineData(Odd, "***")]
    [InlineData("\"quoted\"\\ä\n\u0001🙂 key", "***")]
    [InlineData("""\"quoted\"\\ä\n\u0001🙂 key """, "***")]
    [InlineData("""\"quoted\"\\\u00e4\n\u0001\ud83d\ude42 key """, "***")]
    public void A_value_in_a_text_is_replaced(string text, string masked)
    {
        Assert.Equal(masked, Encoding.UTF8.GetString(s_mask.Text(Encoding.UTF8.GetBytes(text)).Span));
        for (var piece = 1; piece <= 5; piece++)
        {
            Assert.Equal(masked, InPieces(Encoding.UTF8.GetBytes(text), piece));
        }
    }

    [Fact]
    public void A_stream_holds_back_only_what_may_be_the_beginning_of_a_value()
    {
        var stream = new MaskedStream(s_mask);
        Assert.Equal("a line\n", TextOf(stream.Append("a line\ntok-"u8.ToArray())));
        Assert.Equal("tok-but not\n", TextOf(stream.Append("but not\n"u8.ToArray())));
        Assert.Equal("", TextOf(stream.Append("tok-9f86d081"u8.ToArray())));
        Assert.Equal("***", TextOf(stream.End()));
        Assert.Equal("", TextOf(stream.End()));
    }

    [Theory]
    [InlineData("\"tok-9f86d081\"", "\"***\"")]
    [InlineData("""{"a tok-9f86d081": ["x", "b tok-9f86d081"]}""", """{"a ***": ["x", "b ***"]}""")]
    [InlineData("12345678", "\"***\"")]
    [InlineData("[-12345678.5e3, 1234567]", "[\"***\", 1234567]")]
    [InlineData("\"\\u0074ok-9f86d081\"", "\"***\"")]
    [InlineData("\"\\ntok-9f86d081\\n\"", "\"\\n***\\n\"")]
    [InlineData("\"\\ud800 tok-9f86d081\"", "\"***\"")]
    [InlineData("\"\\ud800 none of them\"", "\"\\ud800 none of them\"")]
    [InlineData("""["\\", "tok-9f86d081"]""", """["\\", "***"]""")]
    [InlineData("null", "null")]
    public void A_value_in_JSON_is_replaced_and_the_rest_stays_JSON(string json, string masked)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(masked, Encoding.UTF8.GetString(s_mask.Json(bytes).Span));
        Assert.NotNull(ResultParser.FromJson(s_mask.Json(bytes)));
    }

    [Fact]
    public void Every_way_to_write_a_value_as_JSON_is_found()
    {
        string[] written =
        [
            JsonSerializer.Serialize(new { odd = $"<{Odd}>" }),
            JsonSerializer.Serialize(new { odd = $"<{Odd}>" }, Faas.Actors.Json.RelaxedJson.SerializerOptions),
        ];
        Assert.All(written, json => Assert.Equal(
            "<***>", JsonDocument.Parse(s_mask.Json(Encoding.UTF8.GetBytes(json))).RootElement.GetProperty("odd").GetString()));
    }

    [Theory]
    [InlineData("\"tok-9f86d081")]
    [InlineData("\"tok-9f86d081\\")]
    [InlineData("\"")]
    [InlineData("-")]
    [InlineData("{\"a\":")]
    [InlineData("\\\"tok")]
    public void What_is_no_JSON_harms_nothing(string text) => s_mask.Json(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Without_a_value_that_is_long_enough_nothing_is_replaced()
    {
        var mask = Of("short", "        7 bytes");
        Assert.Equal("short 7 bytes", Encoding.UTF8.GetString(mask.Text("short 7 bytes"u8.ToArray()).Span));
        Assert.Equal("\"short\"", Encoding.UTF8.GetString(mask.Json("\"short\""u8.ToArray()).Span));
    }

    [Fact]
    public void A_long_value_that_nearly_repeats_itself_is_found_in_pieces()
    {
        var value = string.Concat(Enumerable.Repeat("ab", 500)) + "c";
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ab", 700)) + "c" + value + "ab");
        var mask = Of(value);
        var stream = new MaskedStream(mask);
        var masked = string.Concat(text.Chunk(97).Select(piece => TextOf(stream.Append(piece)))) + TextOf(stream.End());
        Assert.Equal(string.Concat(Enumerable.Repeat("ab", 200)) + "******ab", masked);
    }

    private static OutputMask Of(params string[] values) => new(values.Select(Encoding.UTF8.GetBytes));

    private static string TextOf(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string InPieces(byte[] text, int length)
    {
        var stream = new MaskedStream(s_mask);
        var all = new List<byte>();
        foreach (var piece in text.Chunk(length))
        {
            all.AddRange(stream.Append(piece).ToArray());
        }

        all.AddRange(stream.End().ToArray());
        return Encoding.UTF8.GetString([.. all]);
    }
}
