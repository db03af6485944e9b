using System.Text;
using System.Text.Json;
using CsCheck;
using Faas.Actors.Json;
using Xunit;

namespace Faas.Actors.Tests.Json;

public sealed class JsonScanTests
{
    private static readonly Gen<string> s_token = Gen.OneOf(
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e4\"", "\"\\x\"", "\"", "0", "-", "1", ".5", "e+3", "1.5E-7", "01", "true", "false",
        "null", "nul", " ", "\n", "\t", "NaN", "\"\\\\\"", "\\", "\"a\":", "{}", "[]", "\u0001");

    [Fact]
    public void It_agrees_with_the_platforms_reader_on_every_text() =>
        s_token.List[0, 9].Select(tokens => string.Concat(tokens)).Sample(text => Assert.Equal(IsJson(text), Scan(text)), iter: 20_000);

    [Fact]
    public void It_agrees_with_the_platforms_reader_on_almost_valid_json()
    {
        var json = """{"a": [1, -2.5e+10, "x\u00e4\n\"", {}, [], true, false, null, {"b": {"c": [[[0]]]}}], "d": "é"}""";
        Gen.Select(Gen.Int[0, json.Length - 1], Gen.Char[' ', '~'], Gen.Int[0, 2]).Sample((at, other, kind) =>
        {
            var changed = kind switch { 0 => json.Remove(at, 1), 1 => json.Insert(at, other.ToString()), _ => json[..at] };
            Assert.Equal(IsJson(changed), Scan(changed));
        });
    }

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    public void Nesting_is_bounded_and_takes_no_stack(int depth, bool valid)
    {
        var text = new string('[', depth) + new string(']', depth);
        Assert.Equal(valid, JsonScan.IsValue(Encoding.UTF8.GetBytes(text), 100_000, out _));
    }

    private static bool Scan(string text) => JsonScan.IsValue(Encoding.UTF8.GetBytes(text), 1000, out _);

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
