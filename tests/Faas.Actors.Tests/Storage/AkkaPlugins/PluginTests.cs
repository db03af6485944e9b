using Akka.Actor;
using Akka.Configuration;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.AkkaPlugins;

/// <summary>The plugins as an operator of the official package configures them: nothing but HOCON.</summary>
public sealed class PluginTests(RedisServerStore store) : IClassFixture<RedisServerStore>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _pid = $"actor-{Guid.NewGuid():N}";

    [Theory]
    [InlineData("", "database = 3", "", 3)]
    [InlineData("", "database = 3", "some:prefix:", 3)]
    [InlineData(",defaultDatabase=7", "database = 3", "", 3)]
    [InlineData(",defaultDatabase=7", "use-database-number-from-connection-string = true", "", 7)]
    [InlineData("", "", "", 0)]
    public async Task A_plugin_stands_alone_on_its_configuration_string(
        string connectionString, string setting, string prefix, int expectedDatabase)
    {
        using var system = ActorSystem.Create(
            "alone", Alone($"\"{ConnectionString}{connectionString}\"", $"{setting}\nkey-prefix = \"{prefix}\""));
        var watcher = Inbox.Create(system);

        system.ActorOf(Props.Create(() => new Counter(_pid, watcher.Receiver))).Tell("event", watcher.Receiver);
        Assert.Equal<object>("recovered 0", await watcher.ReceiveAsync(s_patience));
        Assert.Equal<object>(1, await watcher.ReceiveAsync(s_patience));

        await using var connection = RedisConnection.To(store.Options.Redis! with { Database = expectedDatabase }, store.Options.Timeout);
        Assert.True(await connection.CallAsync(database => database.KeyExistsAsync($"{prefix}journal:persisted:{_pid}"), default));
        await system.Terminate();
    }

    [Fact]
    public async Task Two_prefixes_do_not_see_each_other()
    {
        foreach (var (prefix, expected) in new[] { ("one:", 0), ("two:", 0), ("one:", 1), ("two:", 1) })
        {
            var options = store.Options with { KeyPrefix = $"{_pid}:{prefix}" };
            using var system = ActorSystem.Create("shared", StoreTestKit.SystemOn(options, store.Connection));
            var watcher = Inbox.Create(system);
            system.ActorOf(Props.Create(() => new Counter("pid", watcher.Receiver))).Tell("event", watcher.Receiver);
            Assert.Equal<object>($"recovered {expected}", await watcher.ReceiveAsync(s_patience));
            Assert.Equal<object>(expected + 1, await watcher.ReceiveAsync(s_patience));
            await system.Terminate();
        }
    }

    [Fact]
    public async Task A_plugin_with_nothing_to_connect_to_says_so()
    {
        using var system = ActorSystem.Create("none", Alone("\"\"", ""));
        var watcher = Inbox.Create(system);

        system.EventStream.Subscribe(watcher.Receiver, typeof(Akka.Event.Error));
        Akka.Persistence.Persistence.Instance.Apply(system).JournalFor(null);

        var error = Assert.IsType<Akka.Event.Error>(await watcher.ReceiveAsync(s_patience));
        Assert.Contains("needs a configuration-string", error.Cause.GetBaseException().Message, StringComparison.Ordinal);
        await system.Terminate();
    }

    private string ConnectionString => $"127.0.0.1:{store.Options.Redis!.Port},password={store.Options.Redis.Password}";

    private static Config Alone(string connection, string settings) => ConfigurationFactory.ParseString($$"""
        akka.stdout-loglevel = OFF
        akka.persistence.journal.plugin = "akka.persistence.journal.redis"
        akka.persistence.journal.redis {
            class = "Faas.Actors.Storage.AkkaPlugins.RedisJournal, Faas.Actors"
            configuration-string = {{connection}}
            {{settings}}
        }
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.redis"
        akka.persistence.snapshot-store.redis {
            class = "Faas.Actors.Storage.AkkaPlugins.RedisSnapshotStore, Faas.Actors"
            configuration-string = {{connection}}
            {{settings}}
        }
        """);
}
