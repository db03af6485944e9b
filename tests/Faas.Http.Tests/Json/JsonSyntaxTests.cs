using System.Text;
using System.Text.Json;
using CsCheck;
using Faas.Http.Json;
using Xunit;

namespace Faas.Http.Tests.Json;

public sealed class JsonSyntaxTests
{
    private const int MaxDepth = 512;

    // Pieces of which most sequences are nearly JSON, and some are.
    private static readonly Gen<string> NearlyJson = Gen.OneOf(
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"\\n\"", "\"\\u00e9\"", "\\", "\\u12", "0", "-", "1.5", "e+3", "true", "fals", "false", "null", " ", "\t", "\r\n", "é", "\u0001", "-0", "01")
        .Array[0, 12].Select(pieces => string.Concat(pieces));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, json) => depth > 4
        ? Gen.OneOf("1", "\"x\"", "null", "true", "-2.5e7")
        : Gen.OneOf(
            Gen.OneOf("1", "\"x\"", "null", "true", "-2.5e7", "{}", "[]"),
            json.Array[0, 4].Select(items => $"[{string.Join(" , ", items)}]"),
            json.Array[0, 4].Select(items => $"{{{string.Join(",", items.Select((item, i) => $"\"m{i}\" : {item}"))}}}")));

    [Fact]
    public void It_says_of_every_text_what_the_platform_says() =>
        Gen.OneOf(NearlyJson, Json).Sample(text => JsonSyntax.IsValue(Encoding.UTF8.GetBytes(text), MaxDepth) == PlatformTakes(text), iter: 20_000);

    [Fact]
    public void Every_json_text_is_a_value() => Json.Sample(text => JsonSyntax.IsValue(Encoding.UTF8.GetBytes(text), MaxDepth));

    [Theory]
    [InlineData(MaxDepth, true)]
    [InlineData(MaxDepth + 1, false)]
    [InlineData(100_000, false)]
    public void Nesting_has_a_limit(int depth, bool isValue) =>
        Assert.Equal(isValue, JsonSyntax.IsValue(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)), MaxDepth));

    private static bool PlatformTakes(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
