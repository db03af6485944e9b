using Faas.Http.Wire;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Faas.Http.Tests.Wire;

public sealed class CallIdsTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("Order-17_b.2")]
    public void A_valid_id_is_kept(string id) => Assert.Equal(id, CallIds.OnTheWire(id));

    [Fact]
    public void The_longest_one_has_128_characters()
    {
        Assert.Equal(new string('x', 128), CallIds.OnTheWire(new string('x', 128)));
        Assert.Equal(32, CallIds.OnTheWire(new string('x', 129)).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a~b")]
    [InlineData("é")]
    [InlineData("a\r\nSet-Cookie: x")]
    public void Any_other_is_replaced_by_a_new_one(string id)
    {
        Assert.Matches("^[0-9a-f]{32}$", CallIds.OnTheWire(id));
        Assert.NotEqual(CallIds.OnTheWire(id), CallIds.OnTheWire(id));
    }

    [Fact]
    public void Two_ids_are_none() => Assert.Equal(32, CallIds.OnTheWire(new StringValues(["a", "b"])).Length);
}
