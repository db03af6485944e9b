using Akka.Configuration;
using Akka.Hosting;
using Faas.Actors.Cluster;
using Faas.Actors.Egress;
using Faas.Actors.Forwarding;
using Faas.Actors.Keys;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Layers;
using Faas.Actors.Libraries.Registry;
using Faas.Actors.Pool;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Secrets;
using Faas.Actors.Serialization;
using Faas.Actors.Sharding;
using Faas.Actors.Storage;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Telemetry;
using Faas.Actors.UseCases.Callbacks;
using Faas.Actors.UseCases.Kept;
using Faas.Actors.UseCases.Schedules;
using Faas.Http.Access;
using Faas.Http.Configuration;
using Faas.Http.Server.Doctor;
using Faas.Http.Server.Logs;
using Faas.Http.Server.Telemetry;

namespace Faas.Http.Server;

/// <summary>The production wiring of everything behind HTTP.</summary>
public static class FaasParts
{
    private const string SystemName = "faas";

    /// <summary>Adds the store, the sandboxes and the actor system.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The settings as they were read.</param>
    /// <param name="options">The settings as this machine can keep them.</param>
    /// <param name="launches">Starts sandboxes. Its trial begins when the actor system is there.</param>
    /// <param name="site">What is prepared on the machine: the TypeScript compiler among it.</param>
    public static IServiceCollection AddFaas(
        this IServiceCollection services, FaasConfiguration configuration, FaasOptions options, LaunchChoice launches, LaunchSite site) =>
        services
        .AddSingleton(configuration)
        .AddSingleton(launches)
        .AddRedisStore(options.Store, options.Scripts.CodeCacheBytes, options.Cluster.Enabled)
        .AddSingleton(_ => new Esbuild(site.Files.Esbuild, options.Scripts.CompileTimeout))
        .AddSingleton<TypeScriptCompiler>()
        .AddSingleton(provider => new SandboxRegistry(
            options.Libraries, new RegistryClient(RegistryClient.NewHttpClient()), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<ITreeBundler>(provider => new TreeBundler(
            site, options.Scripts.CompileTimeout, provider.GetRequiredService<SandboxRegistry>()))
        .AddSingleton<TreeCompiler>()
        .AddSingleton(provider => new LayerStore(
            options.Libraries.Folder,
            options.Libraries.LayerLimits,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LayerStore>>()))
        .AddSingleton(provider => new LayerBuilder(
            site, provider.GetRequiredService<SandboxRegistry>(), provider.GetRequiredService<LayerStore>()))
        .AddSingleton<ILayerBuilder>(provider => provider.GetRequiredService<LayerBuilder>())
        .AddSingleton<LayerCompiler>()
        .AddSingleton(provider => new LayerSupply(
            provider.GetRequiredService<LayerStore>(),
            provider.GetRequiredService<ILayerBuilder>(),
            new BundleTrust(options.Libraries.NpmPreload),
            options.Libraries.PythonPreload,
            provider.GetRequiredService<LayerBuilder>().PlatformOf))
        .AddSingleton<ICodeListener>(provider => provider.GetRequiredService<LayerSupply>())
        .AddSingleton<LayerCollection>()
        .AddSingleton<ScriptCompiler>()
        .AddSingleton<IScriptCompiler>(provider => new RuledCompiler(
            provider.GetRequiredService<ScriptCompiler>(), options.Libraries.Rules))
        .AddScripts(options)
        .AddAkka(SystemName, (akka, provider) => akka
            .AddFaasDefaults()
            .WithRedisStore(provider.GetRequiredService<RedisConnection>(), options.Store)
            .AddFaasSerializer()
            .AddSandboxPool(
                options.Pool,
                Sandboxes(
                    launches,
                    options.Sandbox,
                    provider.GetRequiredService<SandboxMeters>(),
                    provider.GetRequiredService<IEgressProxy>()),
                provider.GetRequiredService<PoolMeters>())
            .AddCluster(options.Cluster)
            .AddDurableActors(options, provider)
            .AddOverrides(options))
        .AddSingleton<IHostedService, ClusterAtStart>()
        .AddSingleton<IHostedService, StoreSizeWatch>()
        .AddSingleton<IHostedService, LayerWatch>()
        .AddSingleton<IHostedService, KeysAtStart>()
        .AddSingleton<IHostedService, SecretsAtStart>()
        .AddSingleton<IHostedService, WallsAtStart>()
        .AddKeptWorkers()
        .AddCallbackDelivery()
        .AddScheduleTicker();

    /// <summary>The content of Server/akka.conf.</summary>
    public static Config QuietAkka => ConfigurationFactory.FromResource("Faas.Http.Server.akka.conf", typeof(FaasParts).Assembly);

    /// <summary>Akka's settings in every host of this server (Server/akka.conf): quiet, and logging through the host.</summary>
    public static AkkaConfigurationBuilder AddFaasDefaults(this AkkaConfigurationBuilder akka) => akka
        .AddHocon(QuietAkka, HoconAddMode.Append)
        .ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
            loggers.AddLogger<ActorLogger>();
        });

    private static IServiceCollection AddScripts(this IServiceCollection services, FaasOptions options) => options.Cluster.Enabled
        ? services.AddSingleton<IKeptNodes, ClusterNodes>()
            .AddShardedScripts(options.Scripts, SystemName, new StoreKeys(options.Store.KeyPrefix)).AddForwarding()
            .AddSingleton<ISharedRates>(provider => new SharedRates(
                new RedisRates(provider.GetRequiredService<RedisConnection>(), new StoreKeys(options.Store.KeyPrefix))))
        : services.AddScripts(options.Scripts);

    // Scripts, keys and secrets: their actors run all on this node, or each on one node of the cluster.
    private static AkkaConfigurationBuilder AddDurableActors(
        this AkkaConfigurationBuilder akka, FaasOptions options, IServiceProvider services) => options.Cluster.Enabled
        ? akka.AddShardedScripts(services).AddForwarding()
        : akka.AddScripts().AddKeys().AddSecrets();

    private static SandboxFactory Sandboxes(
        ISandboxLauncher launcher, SandboxOptions options, SandboxMeters meters, IEgressProxy proxy) =>
        image => SandboxActor.Props(image, launcher, options, meters, proxy);

    // Added last, so that the operator's own akka section wins over the section of every part.
    private static AkkaConfigurationBuilder AddOverrides(this AkkaConfigurationBuilder akka, FaasOptions options) =>
        akka.AddHocon(options.Hocon, HoconAddMode.Prepend);
}
