using System.Diagnostics;
using System.Net;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.store</c> does.</summary>
public sealed class StoreSettingTests
{
    [Fact]
    [Proves("store.redis.host")]
    [Proves("store.redis.port")]
    [Proves("store.redis.password")]
    [Proves("store.redis.database")]
    [Proves("store.key-prefix")]
    public async Task Two_servers_share_a_database_by_prefix_and_a_redis_by_database()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await FaasServer.StartAsync("", null, redis.Environment);
        await using var same = await FaasServer.StartAsync("faas.store.redis.lease = 0", null, redis.Environment);
        await using var prefixed = await FaasServer.StartAsync("faas.store.key-prefix = \"other:\"", null, redis.Environment);
        await using var elsewhere = await FaasServer.StartAsync(
            "faas.store.redis.database = 4", null, [.. redis.Environment.Where(variable => variable.Name != "REDIS_DB")]);

        await first.UploadAsync("shared", "python", "return 1");

        Assert.Equal("1", (await same.RunAsync("shared")).Data);
        Assert.Equal(HttpStatusCode.NotFound, (await prefixed.RunAsync("shared")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.RunAsync("shared")).Status);
        foreach (var server in new[] { first, same, prefixed, elsewhere })
        {
            Assert.Equal(0, await server.StopAsync());
            Directory.Delete(server.Folder, true);
        }
    }

    [Fact]
    public async Task A_wrong_password_stops_the_start_with_a_line_that_says_so()
    {
        await using var redis = await RedisServer.StartAsync();

        var (exitCode, log) = await FaasServer.StartAndFailAsync("", [.. redis.Environment, ("REDIS_PASSWORD", "wrong")]);

        Assert.Equal(69, exitCode);
        Assert.Contains("password", log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("wrong\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REDIS_PORT", "6380", "redis.port = \"6380\": allowed is nothing (REDIS_PORT)")]
    [InlineData("REDIS_DB", "3", "redis.database = \"3\": allowed is nothing (REDIS_DB)")]
    public async Task What_belongs_to_a_Redis_is_refused_where_none_is_named(string name, string value, string why)
    {
        var (exitCode, log) = await FaasServer.StartAndFailAsync("", (name, value));
        Assert.Equal(78, exitCode);
        Assert.Contains($"{why} as long as faas.store.redis.host (REDIS_HOST) names no Redis server", log, StringComparison.Ordinal);
    }

    [Fact]
    [Proves("store.redis.url")]
    public async Task A_url_leads_to_a_Redis_by_TLS_and_user_name_whose_certificate_is_checked()
    {
        using var certificate = new TestCertificate();
        var port = FreePort.Find();
        await using var redis = await RedisServer.StartAsync(
            null, "--tls-port", $"{port}", "--tls-cert-file", certificate.CertificateFile, "--tls-key-file", certificate.KeyFile,
            "--tls-ca-cert-file", certificate.CertificateFile, "--tls-auth-clients", "no");
        await redis.CommandAsync("ACL", "SETUSER", "faas", "on", ">a:b", "~*", "+@all");
        var url = ("REDIS_URL", $"rediss://faas:a%3Ab@127.0.0.1:{port}/3");

        var (exitCode, log) = await FaasServer.StartAndFailAsync("faas.store.redis.timeout = 2", url);
        Assert.Equal(75, exitCode);
        Assert.DoesNotContain("a:b", log, StringComparison.Ordinal);
        Assert.Contains("certificate", log, StringComparison.OrdinalIgnoreCase);

        await using var server = await FaasServer.StartAsync("", null, url, ("SSL_CERT_FILE", certificate.CertificateFile));
        await server.UploadAsync("by/tls", "python", "return 1");
        Assert.Equal("1", (await server.RunAsync("by/tls")).Data);
        Assert.NotEqual(0, await redis.CountKeysAsync("faas:*"));
        await server.EndAsync();
    }

    [Theory]
    [InlineData("rediss", false, "no TLS", "redis://, or to a port with TLS")]
    [InlineData("redis", true, "only TLS", "rediss://, or to a port without TLS")]
    public async Task A_url_with_the_wrong_scheme_is_named_and_no_further_start_is_tried(
        string scheme, bool hasTls, string what, string other)
    {
        using var certificate = new TestCertificate();
        var tls = FreePort.Find();
        await using var redis = await RedisServer.StartAsync(
            null, "--tls-port", $"{tls}", "--tls-cert-file", certificate.CertificateFile, "--tls-key-file", certificate.KeyFile,
            "--tls-ca-cert-file", certificate.CertificateFile, "--tls-auth-clients", "no");
        var port = hasTls ? tls : redis.Port;

        var (exitCode, log) = await FaasServer.StartAndFailAsync(
            "faas.store.redis.timeout = 1", ("REDIS_URL", $"{scheme}://:{RedisServer.Password}@127.0.0.1:{port}"));

        var why = $"speaks {what} on this port; set REDIS_URL (faas.store.redis.url) to {other}.";
        Assert.Equal((69, $"faas: The store is not usable: Redis at 127.0.0.1:{port} {why}"), (exitCode, log.Trim()));
    }

    [Fact]
    [Proves("store.redis.configuration")]
    public async Task A_configuration_string_leads_to_a_Redis_by_its_sentinel()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sentinel = await RedisSentinel.StartAsync(redis);
        await using var server = await FaasServer.StartAsync("", null, ("REDIS_CONFIGURATION", sentinel.Configuration));
        await server.UploadAsync("by/sentinel", "python", "return 1");
        Assert.Equal("1", (await server.RunAsync("by/sentinel")).Data);
        Assert.NotEqual(0, await redis.CountKeysAsync("faas:*"));
        await server.EndAsync();
    }

    [Theory]
    [InlineData("everysec", "the uploads of the last second may be lost if its machine fails")]
    [InlineData("always", null)]
    public async Task What_a_Redis_does_not_promise_is_said_at_the_start_and_in_readyz(string appendFsync, string? notice)
    {
        await using var redis = await RedisServer.StartAsync(null, "--appendfsync", appendFsync);
        await using var server = await FaasServer.StartAsync("", null, redis.Environment);
        using var ready = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(appendFsync, (await ready.ReadAsync()).GetProperty("durability").GetString());
        Assert.Equal(notice is not null, server.Log.Contains(notice ?? "may be lost", StringComparison.Ordinal));
        await server.EndAsync();
    }

    [Fact]
    public async Task A_Redis_that_drops_keys_stops_the_start()
    {
        await using var redis = await RedisServer.StartAsync(null, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        var (exitCode, log) = await FaasServer.StartAndFailAsync("", redis.Environment);
        Assert.Equal(
            (69, $"faas: Redis at 127.0.0.1:{redis.Port} drops scripts when its memory is full (maxmemory-policy = allkeys-lru); set it to noeviction."),
            (exitCode, log.Trim()));
    }

    [Fact]
    [Proves("store.redis.timeout")]
    public async Task Timeout_bounds_the_wait_for_a_redis_that_does_not_answer()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var server = await FaasServer.StartAsync("faas.store.redis.timeout = 1", null, redis.Environment);
        await server.UploadAsync("bound", "python", "return 1");
        redis.Pause();
        var watch = Stopwatch.StartNew();

        var upload = await server.ReplyAsync("/upload", new { path = "a", language = "python", code = "return 1" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, upload.Status);
        Assert.NotNull(upload.RetryAfter);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 8);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
        redis.Resume();
        await Eventually.HoldsAsync(
            async () =>
                (await server.ReplyAsync("/upload", new { path = "a", language = "python", code = "return 1" })).Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(10),
            () => "uploads do not work again");
        await server.StopAsync();
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    [Proves("store.embedded.data-dir")]
    public async Task Data_dir_is_where_the_embedded_store_lives_and_nobody_else_may_read_it()
    {
        var data = Path.Combine(TestFolder.Create("faas-data-"), "here");
        await using var server = await FaasServer.StartAsync($"faas.store.embedded.data-dir = \"{data}\"");
        await server.UploadAsync("kept", "python", "return 1");

        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(data, "*", SearchOption.AllDirectories));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        await server.StopAsync();
        Directory.Delete(server.Folder, true);
        Directory.Delete(Path.GetDirectoryName(data)!, true);
    }

    [Fact]
    [Proves("store.embedded.executable")]
    public async Task An_executable_that_is_not_there_stops_the_start_with_a_line_that_names_it()
    {
        var (exitCode, log) = await FaasServer.StartAndFailAsync("faas.store.embedded.executable = \"/no/such/redis\"");

        Assert.Equal(69, exitCode);
        Assert.Contains("/no/such/redis", log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }
}
