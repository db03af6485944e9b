using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

public sealed class RedisTruthTests
{
    [Theory]
    [InlineData("1", "always", "", StoreDurability.Always)]
    [InlineData("1", "everysec", "", StoreDurability.EverySecond)]
    [InlineData("1", "no", "3600 1", StoreDurability.Snapshots)]
    [InlineData("1", null, null, StoreDurability.Unknown)]
    [InlineData("0", "always", "3600 1 300 100", StoreDurability.Snapshots)]
    [InlineData("0", "always", "", StoreDurability.None)]
    [InlineData("0", null, null, StoreDurability.Unknown)]
    public void What_an_upload_survives_follows_from_three_settings(
        string appendOnly, string? appendFsync, string? save, StoreDurability durability) =>
        Assert.Equal(durability, RedisTruth.Of($"# Persistence\r\naof_enabled:{appendOnly}\r\n", appendFsync, save).Durability);

    [Theory]
    [InlineData("# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\n", 1_048_576)]
    [InlineData("", 0)]
    [InlineData("used_memory:much", 0)]
    public void The_memory_of_the_server_is_read(string info, long bytes) => Assert.Equal(bytes, RedisTruth.MemoryIn(info));

    [Fact]
    public void A_server_that_says_nothing_is_not_known() => Assert.Equal(StoreDurability.Unknown, RedisTruth.Of("", "always", "").Durability);

    [Theory]
    [InlineData("allkeys-lru", "1048576", true)]
    [InlineData("allkeys-random", "1", true)]
    [InlineData("allkeys-lru", "0", false)]
    [InlineData("volatile-lru", "1048576", false)]
    [InlineData("noeviction", "1048576", false)]
    public void A_server_that_drops_keys_is_refused(string policy, string most, bool isRefused)
    {
        var refusal = RedisTruth.Of($"maxmemory:{most}\nmaxmemory_policy:{policy}\nrole:master\n", "always", "").Refusal;
        Assert.Equal(isRefused ? $"drops scripts when its memory is full (maxmemory-policy = {policy}); set it to noeviction" : null, refusal);
    }

    [Fact]
    public void A_replica_is_refused_with_the_server_that_takes_the_writes() => Assert.Equal(
        "is a replica of 10.0.0.1:6379; name that server",
        RedisTruth.Of("role:slave\r\nmaster_host:10.0.0.1\r\nmaster_port:6379\r\n", "always", "").Refusal);
}
