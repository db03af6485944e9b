using Faas.Http.Access;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class CredentialTests
{
    [Theory]
    [InlineData("Bearer abc", null, "abc")]
    [InlineData("bearer abc", null, "abc")]
    [InlineData("BEARER   abc", null, "abc")]
    [InlineData(null, "abc", "abc")]
    [InlineData("Bearer abc", "abc", "abc")]
    [InlineData("Basic abc", "def", "def")]
    [InlineData("Bearer a b", null, "a b")]
    [InlineData("Bearer", null, "")]
    [InlineData(null, "", "")]
    [InlineData("Basic abc", null, null)]
    [InlineData("Bearerabc", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void The_secret_comes_from_either_header(string? authorization, string? key, string? secret)
    {
        var credential = Credential.Of(authorization, key);
        Assert.Equal((secret, null), (credential.Secret, credential.Wrong));
    }

    [Fact]
    public void Another_scheme_is_told_apart_from_none()
    {
        Assert.Equal("Basic", Credential.Of("Basic abc", StringValues.Empty).Scheme);
        Assert.Null(Credential.Of("Basic abc", "def").Scheme);
        Assert.Null(Credential.Of(StringValues.Empty, StringValues.Empty).Scheme);
    }

    [Fact]
    public void Two_secrets_are_one_too_many()
    {
        Assert.Contains("different keys", Credential.Of("Bearer abc", "def").Wrong, StringComparison.Ordinal);
        Assert.Contains(
            "more than once",
            Credential.Of(new StringValues(["Bearer abc", "Bearer abc"]), StringValues.Empty).Wrong,
            StringComparison.Ordinal);
        Assert.Contains(
            "more than once", Credential.Of(StringValues.Empty, new StringValues(["abc", "def"])).Wrong, StringComparison.Ordinal);
    }
}
