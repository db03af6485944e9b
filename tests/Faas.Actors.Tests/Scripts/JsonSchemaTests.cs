using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("{ \"type\" : \"object\" }", "{\"type\":\"object\"}")]
    [InlineData(
        """{"type": "object", "properties": {"ä": {"type": "number"}, "b": true}, "required": ["ä"], "additionalProperties": false}""",
        """{"type":"object","properties":{"ä":{"type":"number"},"b":true},"required":["ä"],"additionalProperties":false}""")]
    [InlineData(
        """{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "$defs": {"a": {"maximum": 1e400}}}""",
        """{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","$defs":{"a":{"maximum":1e400}}}""")]
    public void A_schema_of_an_object_is_kept_without_white_space(string json, string kept)
    {
        Assert.Equal(kept, JsonSchema.Of(json, out var wrong)?.Text);
        Assert.Null(wrong);
    }

    [Theory]
    [InlineData("[]", "must be a JSON schema")]
    [InlineData("true", "must be a JSON schema")]
    [InlineData("{}", "must have \"type\": \"object\"")]
    [InlineData("{\"type\": \"string\"}", "must have \"type\": \"object\"")]
    [InlineData("{\"type\": [\"object\"]}", "must have \"type\": \"object\"")]
    [InlineData("{\"type\": \"object\", \"properties\": []}", "\"properties\"")]
    [InlineData("{\"type\": \"object\", \"properties\": {\"a\": 1}}", "\"properties\"")]
    [InlineData("{\"type\": \"object\", \"required\": \"a\"}", "\"required\"")]
    [InlineData("{\"type\": \"object\", \"required\": [1]}", "\"required\"")]
    [InlineData("{\"type\": \"object\", \"type\": \"object\"}", "a name twice")]
    [InlineData("{\"type\": \"object\", \"title\": \"\\ud800\"}", "surrogate")]
    public void What_is_no_such_schema_is_refused(string json, string why)
    {
        Assert.Null(JsonSchema.Of(json, out var wrong));
        Assert.Contains(why, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        Assert.NotNull(JsonSchema.Of(Nested(JsonSchema.MostDepth - 1), out _));
        Assert.Null(JsonSchema.Of(Nested(JsonSchema.MostDepth), out var tooDeep));
        Assert.Contains("nested deeper than 32", tooDeep, StringComparison.Ordinal);
        Assert.NotNull(JsonSchema.Of(Sized(JsonSchema.MostBytes), out _));
        Assert.Null(JsonSchema.Of(Sized(JsonSchema.MostBytes + 1), out var tooLong));
        Assert.Equal("has 16385 bytes; allowed are 16384", tooLong);
    }

    private static string Nested(int arrays) => $"{{\"type\":\"object\",\"enum\":{new string('[', arrays)}{new string(']', arrays)}}}";

    private static string Sized(int bytes)
    {
        const string rest = "{\"type\":\"object\",\"title\":\"\"}";
        return rest.Insert(rest.Length - 2, new string('a', bytes - rest.Length));
    }
}
