using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Serialization;
using Faas.Actors.Storage;
using Faas.Actors.Storage.Redis;
using Faas.Http.Configuration;
using Faas.Http.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Faas.Bench.Stores;

/// <summary>
/// An embedded store and the scripts in it, wired as the server does, in this process and without sandboxes: to fill it,
/// and to ask what no route asks.
/// </summary>
internal sealed class OpenStore : IDisposable
{
    private readonly IHost _host;

    private OpenStore(IHost host, ScriptOptions options) => (_host, SnapshotEvery) = (host, options.SnapshotEvery);

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();
    public IActorRef Registry => _host.Services.GetRequiredService<IRequiredActor<ScriptRegistry>>().ActorRef;
    public IActorRef Lister => _host.Services.GetRequiredService<IRequiredActor<CatalogKeeper>>().ActorRef;
    public ICodeStore Codes => _host.Services.GetRequiredService<ICodeStore>();
    public IScriptCatalog Catalog => _host.Services.GetRequiredService<IScriptCatalog>();

    /// <summary>How many events lie between two snapshots.</summary>
    public int SnapshotEvery { get; }

    /// <summary>Opens it, as shipped but for its folder. Throws <see cref="StoreStartException"/>.</summary>
    public static OpenStore Open(string data)
    {
        var options = FaasConfiguration.Load(Path.GetTempPath(), AppContext.BaseDirectory, new Dictionary<string, string>());
        var store = options.Store with { DataDir = data };
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddLogging()
            .AddRedisStore(store, codeCacheBytes: 0)
            .AddScripts(options.Scripts)
            .AddAkka("faas", (akka, provider) => akka
                .AddFaasDefaults()
                .WithRedisStore(provider.GetRequiredService<RedisConnection>(), store)
                .AddFaasSerializer()
                .AddScripts());
        var host = builder.Build();
        host.Start();
        return new OpenStore(host, options.Scripts);
    }

    public void Dispose()
    {
        _host.StopAsync().GetAwaiter().GetResult();
        (_host as IAsyncDisposable)!.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
