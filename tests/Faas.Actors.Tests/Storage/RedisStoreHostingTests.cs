using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Storage;
using Faas.Actors.Storage.AkkaPlugins;
using Faas.Actors.Storage.Embedded;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.AkkaPlugins;
using Faas.Actors.Tests.Storage.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faas.Actors.Tests.Storage;

/// <summary>The store as the server wires it.</summary>
public sealed class RedisStoreHostingTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _folder = TestFolder.Create("faas-hosting-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private StoreOptions Embedded => new("faas:", null, TimeSpan.FromSeconds(5), Path.Combine(_folder, "data"), "redis-server");

    [Theory]
    [InlineData("journal", typeof(RedisJournal))]
    [InlineData("snapshot-store", typeof(RedisSnapshotStore))]
    public void A_plugin_has_the_values_of_its_file_and_those_of_the_settings(string kind, Type plugin)
    {
        var config = RedisStoreHosting.PluginConfig(Embedded with { KeyPrefix = "a\"b\\c:" });

        var section = config.GetConfig(config.GetString($"akka.persistence.{kind}.plugin"));

        Assert.Equal(plugin, Type.GetType(section.GetString("class")));
        Assert.Equal("a\"b\\c:", section.GetString("key-prefix"));
        Assert.Equal(TimeSpan.FromSeconds(11), section.GetTimeSpan("circuit-breaker.call-timeout"));
        Assert.Equal(TimeSpan.FromSeconds(1), section.GetTimeSpan("circuit-breaker.reset-timeout"));
        Assert.Equal(10, section.GetInt("circuit-breaker.max-failures"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_store_is_up_before_the_actors_and_down_after_them(bool storeFirst)
    {
        int redis;
        foreach (var recovered in new[] { 0, 1 })
        {
            using var host = Build(Embedded, storeFirst);
            await host.StartAsync();
            redis = host.Services.GetRequiredService<EmbeddedRedis>().ProcessId!.Value;
            var inbox = Inbox.Create(host.Services.GetRequiredService<ActorSystem>());

            inbox.Send(await host.Services.GetRequiredService<IRequiredActor<Counter>>().GetAsync(), "event");

            Assert.Equal(recovered + 1, await inbox.ReceiveAsync(s_patience));
            await host.StopAsync();
            Assert.False(HostProcess.IsAlive(redis));
        }
    }

    [Fact]
    public async Task Code_catalog_and_persistence_ids_share_the_store()
    {
        using var host = Build(Embedded, storeFirst: true);
        await host.StartAsync();
        var code = ScriptCode.Of(Language.Python, "print(1)");

        await host.Services.GetRequiredService<ICodeStore>().PutAsync(code, "p", default);

        Assert.Equal(code, await host.Services.GetRequiredService<ICodeStore>().GetAsync(Language.Python, code.Hash, default));
        Assert.Empty(await host.Services.GetRequiredService<IScriptCatalog>().AllAsync(default));
        Assert.Empty(await host.Services.GetRequiredService<IPersistenceIds>().ListAsync("nothing", default));
        Assert.Null(await host.Services.GetRequiredService<RedisConnection>().WhyUnreachableAsync(default));
        await host.StopAsync();
    }

    [Fact]
    public async Task Redis_over_tcp_is_used_when_it_is_named()
    {
        var store = new RedisServerStore();
        await store.InitializeAsync();
        using var host = Build(store.Options, storeFirst: false);
        await host.StartAsync();

        await host.Services.GetRequiredService<IScriptCatalog>().ClearAsync(default);

        Assert.Null(host.Services.GetService<EmbeddedRedis>());
        await host.StopAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_cannot_be_used_stops_the_start_before_the_actors()
    {
        var port = FreePort.Find();
        using var host = Build(
            Embedded with { Redis = new RedisEndpoint("127.0.0.1", port, "", 0), Timeout = TimeSpan.FromMilliseconds(300) },
            storeFirst: false);

        var failure = await Assert.ThrowsAsync<StoreStartException>(() => host.StartAsync());

        Assert.StartsWith(
            $"The store is not usable: Redis at 127.0.0.1:{port} is not reachable", failure.Message, StringComparison.Ordinal);
    }

    private static IHost Build(StoreOptions options, bool storeFirst)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        if (storeFirst)
        {
            builder.Services.AddRedisStore(options, codeCacheBytes: 1 << 20);
        }

        builder.Services.AddAkka("test", (akka, services) => akka
            .AddHocon("akka.stdout-loglevel = OFF\nakka.loglevel = OFF", HoconAddMode.Prepend)
            .WithRedisStore(services.GetRequiredService<RedisConnection>(), options)
            .WithActors((system, registry) =>
                registry.Register<Counter>(system.ActorOf(Props.Create(() => new Counter("pid", ActorRefs.Nobody))))));
        if (!storeFirst)
        {
            builder.Services.AddRedisStore(options, codeCacheBytes: 1 << 20);
        }

        return builder.Build();
    }
}
