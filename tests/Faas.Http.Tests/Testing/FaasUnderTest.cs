using System.Text;
using Akka.Hosting;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Secrets;
using Faas.Actors.UseCases;
using Faas.Http.Api.Page;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Server;
using Faas.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Faas.Http.Tests.Testing;

/// <summary>
/// The real server on a real socket of its own, with scripted actors where the pool and the registry would be. Unless
/// a test says otherwise every run answers the number 42 and the script "math/add" exists.
/// </summary>
public sealed class FaasUnderTest : IAsyncDisposable
{
    public static readonly ScriptVersion Version = new(
        1_739_000_000, Language.Python, ScriptCode.HashOf("return 42"), 9, DateTimeOffset.UnixEpoch, ScriptSettings.Default);
    public static readonly Outcome FortyTwo = new(Reason.Ok) { Data = new ResultData("42"u8.ToArray(), DataType.Number) };

    private readonly WebApplication _app;

    private FaasUnderTest(WebApplication app, ScriptedActor pool, ScriptedActor registry, ScriptedStore store, LiveScripts live)
    {
        (_app, Pool, Registry, Store, Live) = (app, pool, registry, store, live);
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public ScriptedActor Pool { get; }

    public ScriptedActor Registry { get; }

    public ScriptedStore Store { get; }

    public LiveScripts Live { get; }

    public KeptRunsInMemory Kept => (KeptRunsInMemory)Services.GetRequiredService<IKeptRuns>();

    public BatchesInMemory Batches => (BatchesInMemory)Services.GetRequiredService<IBatches>();

    public SchedulesInMemory Schedules => (SchedulesInMemory)Services.GetRequiredService<ISchedules>();

    public ScriptedCatalog Catalog => (ScriptedCatalog)Services.GetRequiredService<IScriptCatalog>();

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static FaasConfiguration Shipped { get; } =
        FaasConfiguration.Read(AppContext.BaseDirectory, AppContext.BaseDirectory, new Dictionary<string, string>());

    public static FaasOptions ShippedOptions => Shipped.Options;

    public static async Task<FaasUnderTest> StartAsync(
        Func<HttpOptions, HttpOptions>? http = null, Func<FaasOptions, FaasOptions>? options = null,
        CapturedLog? log = null, FaasConfiguration? configuration = null, PageFiles? page = null, bool? mayListenInSandboxes = null)
    {
        configuration ??= Shipped;
        var settings = configuration.Options with { Http = (http ?? (same => same))(configuration.Options.Http with { Port = 0 }) };
        settings = settings with
        {
            Secrets = settings.Secrets with { KeyFile = Path.Combine(Path.GetTempPath(), $"faas-{Guid.NewGuid():N}.key") },
        };
        settings = (options ?? (same => same))(settings);
        var (pool, registry, store, live) = (new ScriptedActor(), new ScriptedActor(), new ScriptedStore(), new LiveScripts());
        pool.Answer = AnswerOfPool;
        registry.Answer = AnswerOfRegistry;
        store.Add(ScriptCode.Of(Language.Python, "return 42"));
        var app = FaasServer.Build(settings, services =>
        {
            if (log is not null)
            {
                services.AddSingleton<ILoggerProvider>(log);
            }

            if (page is not null)
            {
                services.AddSingleton(page);
            }

            if (mayListenInSandboxes is { } may)
            {
                var given = (UseCaseOptions)services.Last(service => service.ServiceType == typeof(UseCaseOptions)).ImplementationInstance!;
                services.AddSingleton(given with { Network = given.Network with { IsSupported = may } });
            }

            services.AddSingleton(configuration);
            services.AddSingleton(SandboxRoom.Unbounded);
            services.AddSingleton<ICodeStore>(store);
            services.AddSingleton<IStoreReport>(store);
            services.AddSingleton<IScriptReads>(live);
            var kept = new KeptRunsInMemory();
            services.AddSingleton<IKeptRuns>(kept);
            services.AddSingleton<ICallbacks>(kept);
            services.AddSingleton<IBatches>(new BatchesInMemory(kept));
            services.AddSingleton<ISchedules>(new SchedulesInMemory(kept, settings.Schedules.Count));
            services.AddSingleton<IScriptCatalog>(new ScriptedCatalog());
            services.AddSingleton<IScriptCompiler>(new ScriptedCompiler());
            services.AddSoleAuthority().AddAkka("faas", akka => akka.AddFaasDefaults().AddKeys().AddSecrets().WithActors((system, actors) =>
            {
                actors.Register<SandboxPool>(pool.Start(system, "pool"));
                actors.Register<ScriptRegistry>(registry.Start(system, "scripts"));
            }));
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.StopAsync();
            await app.DisposeAsync();
            throw;
        }

        return new FaasUnderTest(app, pool, registry, store, live);
    }

    public static object? AnswerOfPool(object message) => message switch
    {
        SubmitRun { Run: { Stream: false } run } => new RunEnded(run.RunId, FortyTwo),
        GetPoolStatus => new PoolStatus(0, 2, 0, 0, 0, null),
        GetPoolDigest => new PoolDigest(
            8, 8, 0, IsDraining: false, new Dictionary<string, int> { ["node"] = 1, ["python"] = 1 }, new Dictionary<long, int>()),
        DrainPool or DrainUntilResumed => PoolDrained.Instance,
        ResumePool => new PoolResumed(IsAccepting: true),
        ChangePool => PoolChanged.Instance,
        _ => null,
    };

    public static object? AnswerOfRegistry(object message) => message switch
    {
        GetVersion { Path: "math/add" } get when get.Version is null || get.Version == Version.Number =>
            new VersionFound(get.Path, Version),
        GetVersion { Path: "math/add" } get => new VersionNotFound(get.Path, get.Version, [Version.Number]),
        GetVersion get => new VersionNotFound(get.Path, get.Version),
        GetAlias get => new AliasNotFound(get.Path, get.Name, []),
        PublishVersion publish => new VersionPublished(publish.Path, publish.Code.Language, Version.Number),
        _ => null,
    };

    /// <summary>The pool answers every run with what the function makes of it; everything else as usual.</summary>
    public void OnSubmit(Func<Run, object?> answer) =>
        Pool.Answer = message => message is SubmitRun { Run: var run } ? answer(run) : AnswerOfPool(message);

    /// <summary>Every run ends so.</summary>
    public void EndWith(Outcome outcome) => OnSubmit(run => new RunEnded(run.RunId, outcome));

    public Task<HttpResponseMessage> PostAsync(string path, string json) => PostAsync(path, Encoding.UTF8.GetBytes(json));

    public Task<HttpResponseMessage> PostAsync(string path, byte[] json, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(json);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return Client.PostAsync(path, content);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        var keys = Services.GetRequiredService<SecretKeyFile>();
        await _app.StopAsync();
        await _app.DisposeAsync();
        File.Delete(keys.Path);
    }
}
