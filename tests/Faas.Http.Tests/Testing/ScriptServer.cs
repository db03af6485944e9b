using System.Text;
using System.Text.Json;
using Akka.Hosting;
using Faas.Actors.Pool;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Serialization;
using Faas.Actors.Storage;
using Faas.Actors.Storage.Redis;
using Faas.Http.Configuration;
using Faas.Http.Server;
using Faas.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Testing;

/// <summary>The server with the scripts' own actors on a real store; only the pool is scripted: every run answers 42.</summary>
public abstract class ScriptServer : IAsyncLifetime
{
    private readonly string _folder = TestFolder.Create("faas-scripts-");
    private WebApplication? _app;

    public HttpClient Client { get; private set; } = new();

    public ScriptedActor Pool { get; } = new() { Answer = FaasUnderTest.AnswerOfPool };

    public IServiceProvider Services => _app!.Services;

    protected StoreOptions Embedded => new("faas:", null, TimeSpan.FromSeconds(10), Path.Combine(_folder, "data"), "redis-server");

    public virtual Task InitializeAsync() => StartAsync(Embedded);

    public virtual async Task DisposeAsync()
    {
        Client.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>GET of JSON; the request must succeed.</summary>
    public async Task<JsonElement> GetAsync(string url)
    {
        using var response = await Client.GetAsync(url);
        return await JsonAsync(response);
    }

    /// <summary>A request with a JSON body, or none.</summary>
    public Task<HttpResponseMessage> SendAsync(string method, string url, string? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return Client.SendAsync(request);
    }

    /// <summary>Stores a script; its version.</summary>
    public async Task<long> UploadAsync(string path, string code, string language = "python", string more = "")
    {
        using var response = await SendAsync(
            "POST", "/upload", $$"""{"path": {{JsonSerializer.Serialize(path)}}, "language": "{{language}}", "code": {{JsonSerializer.Serialize(code)}}{{more}}}""");
        return (await JsonAsync(response)).GetProperty("version").GetInt64();
    }

    /// <summary>The JSON of a good answer.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    protected async Task StartAsync(StoreOptions store)
    {
        var shipped = FaasUnderTest.ShippedOptions;
        var options = Change(shipped with { Http = shipped.Http with { Port = 0 }, Store = store });
        _app = FaasServer.Build(options, services => services
            .AddRedisStore(store, options.Scripts.CodeCacheBytes)
            .AddSingleton<IScriptCompiler>(new ScriptedCompiler())
            .AddScripts(options.Scripts)
            .AddAkka("faas", (akka, provider) => akka
                .AddFaasDefaults()
                .WithRedisStore(provider.GetRequiredService<RedisConnection>(), store)
                .AddFaasSerializer()
                .WithActors((system, actors) => actors.Register<SandboxPool>(Pool.Start(system, "pool")))
                .AddScripts()));
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    protected virtual FaasOptions Change(FaasOptions options) => options;
}

/// <summary>On the embedded store.</summary>
public sealed class ScriptServerOnTheEmbeddedStore : ScriptServer;

/// <summary>On a Redis server over TCP.</summary>
public sealed class ScriptServerOnRedis : ScriptServer
{
    private RedisServer? _redis;

    public override async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        await StartAsync(Embedded with
        {
            Redis = new RedisEndpoint("127.0.0.1", _redis.Port, RedisServer.Password, RedisServer.Database),
        });
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _redis!.DisposeAsync();
    }
}
