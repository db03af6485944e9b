using Faas.Actors.Configuration;
using Faas.Http.Access;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class KeyRingTests
{
    [Fact]
    public void Each_secret_finds_its_own_key_among_many()
    {
        var ring = Keys.Ring([.. Enumerable.Range(0, KeyRing.MaxKeys).Select(i => $"key-{i}:invoke:secret-of-key-{i:D4}")]);
        Assert.All(Enumerable.Range(0, KeyRing.MaxKeys), i => Assert.Equal($"key-{i}", ring.Find($"secret-of-key-{i:D4}")!.Name));
        Assert.Null(ring.Find("secret-of-key-1000"));
        Assert.Null(ring.Find("secret-of-key-000"));
        Assert.Null(ring.Find(""));
        Assert.Null(KeyRing.Empty.Find("secret-of-key-0000"));
    }

    [Fact]
    public void The_hash_is_no_way_in()
    {
        const string hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        var ring = Keys.Ring($"ci:invoke:sha256:{hash}");
        Assert.Null(ring.Find(hash));
        Assert.Null(ring.Find($"sha256:{hash}"));
    }

    [Theory]
    [InlineData("a:invoke:0123456789abcdef", "a:write:fedcba9876543210", "key 1 has the same name")]
    [InlineData("a:invoke:0123456789abcdef", "b:write:0123456789abcdef", "key 1 has the same secret")]
    [InlineData(
        "a:invoke:0123456789abcdef",
        "b:write:sha256:9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f",
        "key 1 has the same secret")]
    public void Two_keys_share_neither_name_nor_secret(string first, string second, string why)
    {
        var message = Assert.Throws<SettingException>(() => KeyRing.Parse("the.setting", [first, second])).Message;
        Assert.StartsWith("the.setting = \"key 2 of 2, not shown\": allowed is ", message, StringComparison.Ordinal);
        Assert.EndsWith($"{why}.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_at_most_a_thousand()
    {
        string[] entries = [.. Enumerable.Range(0, KeyRing.MaxKeys + 1).Select(i => $"key-{i}:invoke:secret-of-key-{i:D4}")];
        Assert.Equal(
            "s = \"1001 keys\": allowed is at most 1000.", Assert.Throws<SettingException>(() => KeyRing.Parse("s", entries)).Message);
    }

    [Fact]
    public void Rings_are_equal_when_their_keys_are()
    {
        Assert.Equal(Keys.Ring("a:invoke:0123456789abcdef"), Keys.Ring("a:invoke:0123456789abcdef"));
        Assert.NotEqual(Keys.Ring("a:invoke:0123456789abcdef"), Keys.Ring("a:write:0123456789abcdef"));
        Assert.NotEqual(Keys.Ring("a:invoke:0123456789abcdef"), Keys.Ring("a:invoke:0123456789abcdeg"));
    }
}
