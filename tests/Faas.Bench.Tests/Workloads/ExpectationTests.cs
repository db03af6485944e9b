using Faas.Bench.Load;
using Faas.Bench.Workloads;
using Xunit;

namespace Faas.Bench.Tests.Workloads;

public sealed class ExpectationTests
{
    private readonly Expectation _expectation = new("""{"a":1,"b":[true]}""", answer => answer.GetProperty("data"));

    [Fact]
    public void The_same_value_is_right_however_it_is_written()
    {
        _expectation.Check("""{"data":{"a":1,"b":[true]}}"""u8);
        _expectation.Check("""{"data":{"a":1,"b":[true]}}"""u8);
        _expectation.Check("""{ "type": "json", "data": { "b": [ true ], "a": 1 } }"""u8);
    }

    [Theory]
    [InlineData("""{"data":{"a":2,"b":[true]}}""")]
    [InlineData("""{"detail":"no"}""")]
    [InlineData("[]")]
    [InlineData("{\"data\":")]
    [InlineData("")]
    public void Anything_else_is_wrong_even_after_a_right_one(string answer)
    {
        _expectation.Check("""{"data":{"a":1,"b":[true]}}"""u8);
        var wrong = Assert.Throws<CallFailedException>(() => _expectation.Check(System.Text.Encoding.UTF8.GetBytes(answer)));
        Assert.Equal($"answered {(answer.Length == 0 ? "nothing" : answer)}", wrong.Message);
    }
}
