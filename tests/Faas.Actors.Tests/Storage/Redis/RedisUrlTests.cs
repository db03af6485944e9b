using Faas.Actors.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("redis://localhost", "localhost", 6379, "", "", 0, false)]
    [InlineData("redis://localhost:6380/5", "localhost", 6380, "", "", 5, false)]
    [InlineData("redis://:p%40ss@redis.example/", "redis.example", 6379, "", "p@ss", 0, false)]
    [InlineData("redis://secret@redis.example", "redis.example", 6379, "", "secret", 0, false)]
    [InlineData("rediss://faas:a%3Ab@10.0.0.1:7000/15", "10.0.0.1", 7000, "faas", "a:b", 15, true)]
    [InlineData("redis://[::1]:6379", "[::1]", 6379, "", "", 0, false)]
    public void A_url_says_where_who_and_how(string url, string host, int port, string user, string password, int database, bool tls) =>
        Assert.Equal(new RedisEndpoint(host, port, password, database) { User = user, Tls = tls }, RedisUrl.Parse(url));

    [Theory]
    [InlineData("localhost:6379")]
    [InlineData("http://localhost")]
    [InlineData("redis://")]
    [InlineData("redis://localhost/x")]
    [InlineData("redis://localhost/16384")]
    [InlineData("redis://localhost/1?timeout=5")]
    [InlineData("redis://localhost:99999")]
    public void What_is_no_such_url_is_null(string url) => Assert.Null(RedisUrl.Parse(url));
}
