using Faas.Http.Access;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class ApiKeyTests
{
    private const string Secret = "s9Yb-._~+/=0mVt3";

    [Fact]
    public void A_key_is_its_name_its_scopes_and_the_hash_of_its_secret()
    {
        var key = ApiKey.Parse($"ci:invoke+write:{Secret}");
        Assert.Equal(("ci", Scopes.Invoke | Scopes.Write), (key.Name, key.Scopes));
        Assert.Equal(SecretHash.Of(Secret), key.Hash);
        Assert.NotEqual(SecretHash.Of(Secret + "x"), key.Hash);
    }

    [Theory]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08")]
    public void A_secret_may_stand_as_the_hash_that_sha256sum_prints(string digits)
    {
        // Of "test", which is too short to be a secret: so nothing but its hash can have been read.
        Assert.Equal(ApiKey.Parse($"ci:invoke:sha256:{digits.ToLowerInvariant()}").Hash, ApiKey.Parse($"ci:invoke:sha256:{digits}").Hash);
        var known = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Secret)));
        Assert.Equal(SecretHash.Of(Secret), ApiKey.Parse($"ci:invoke:sha256:{known}").Hash);
    }

    [Theory]
    [InlineData("", "name:scope+scope:secret")]
    [InlineData("ci", "name:scope+scope:secret")]
    [InlineData("ci:invoke", "name:scope+scope:secret")]
    [InlineData(":invoke:0123456789abcdef", "name of 1 to 64")]
    [InlineData("c i:invoke:0123456789abcdef", "name of 1 to 64")]
    [InlineData("ci::0123456789abcdef", "invoke, execute, write, read, metrics, runs or admin")]
    [InlineData("ci:run:0123456789abcdef", "invoke, execute, write, read, metrics, runs or admin")]
    [InlineData("ci:invoke@:0123456789abcdef", "where the prefix")]
    [InlineData("ci:invoke@a//b:0123456789abcdef", "where the prefix")]
    [InlineData("ci:invoke@../b:0123456789abcdef", "where the prefix")]
    [InlineData("ci:@math:0123456789abcdef", "invoke, execute, write, read, metrics, runs or admin")]
    [InlineData("ci:admin@math:0123456789abcdef", "without a path prefix")]
    [InlineData("ci:invoke:0123456789abcde", "16 to 256")]
    [InlineData("ci:invoke:0123456789abcdef:more", "16 to 256")]
    [InlineData("ci:invoke:0123456789 abcdef", "16 to 256")]
    [InlineData("ci:invoke:0123456789abcdeé", "16 to 256")]
    [InlineData("ci:invoke:sha256:0123456789abcdef", "64 hexadecimal digits")]
    [InlineData("ci:invoke:sha256:zf86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "64 hexadecimal digits")]
    public void What_is_wrong_is_said_by_what_is_allowed_and_never_quoted(string text, string allowed)
    {
        var message = Assert.Throws<FormatException>(() => ApiKey.Parse(text)).Message;
        Assert.Contains(allowed, message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_secret_is_neither_short_nor_endless(int length, bool isOne) =>
        Assert.Equal(isOne, SecretHash.Of(new string('x', length)) is not null);
}
