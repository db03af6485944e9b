using Faas.Actors.Callbacks;
using Faas.Actors.Cluster;
using Faas.Actors.Egress;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Placement;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Secrets;
using Faas.Actors.Sharding;
using Faas.Actors.Telemetry;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Batches;
using Faas.Actors.UseCases.Callbacks;
using Faas.Actors.UseCases.Kept;
using Faas.Actors.UseCases.Schedules;
using Faas.Http.Access;
using Faas.Http.Api.Archives;
using Faas.Http.Api.Batches;
using Faas.Http.Api.Cluster;
using Faas.Http.Api.Docs;
using Faas.Http.Api.Functions;
using Faas.Http.Api.Health;
using Faas.Http.Api.Index;
using Faas.Http.Api.Keys;
using Faas.Http.Api.Live;
using Faas.Http.Api.Mcp;
using Faas.Http.Api.OpenApi;
using Faas.Http.Api.Page;
using Faas.Http.Api.Pool;
using Faas.Http.Api.Runs;
using Faas.Http.Api.Runs.Recent;
using Faas.Http.Api.Schedules;
using Faas.Http.Api.Scripts;
using Faas.Http.Api.Secrets;
using Faas.Http.Api.Settings;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Server.Connections;
using Faas.Http.Server.Doctor;
using Faas.Http.Server.Logs;
using Faas.Http.Server.Telemetry;
using Faas.Http.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Faas.Http.Server;

/// <summary>Puts the HTTP side together: Kestrel, the middleware and the routes, on parts that the caller adds.</summary>
public static class FaasServer
{
    /// <summary>The server, not yet started.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="parts">
    /// Adds the code store, the list of scripts, the compiler and an actor system with the pool and the registry. What they host starts in
    /// the order of registration, before the listener, and stops in the opposite order, after it.
    /// </param>
    public static WebApplication Build(FaasOptions options, Action<IServiceCollection> parts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "faas" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options.Http));
        builder.Logging.AddServerLog(options.Log);
        builder.Configuration.AddInMemoryCollection(options.Otlp.Variables!); // the SDK reads its variables there

        var services = builder.Services;
        services.AddRoutingCore();
        services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        services.AddSingleton<IConnectionListenerFactory>(provider =>
            new BoundedListening(
                ActivatorUtilities.CreateInstance<SocketTransportFactory>(provider),
                options.Http.Connections.Max,
                provider.GetRequiredService<HttpMeters>().RefusedConnection));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Http.DrainTimeout + GracefulStop.Grace);
        services.AddCors(cors => cors.AddDefaultPolicy(PagesOfOtherSites.Policy(options.Http.Access)));
        services.AddSingleton(options);
        services.AddSingleton(options.Http);
        services.AddSingleton(options.Http.Access);
        services.AddUseCases(UseCaseOptions.Of(options.Pool, options.Sandbox, options.Scripts, options.Store.Timeout) with
        {
            AddedPatience = options.Cluster.Enabled ? LoanBook.Long : TimeSpan.Zero,
            AskAgainAfter = options.Cluster.Enabled ? ShardHosting.AskAgainAfter : null,
            Network = new NetworkCeiling(options.Egress.Allow, LaunchSite.MayListenInSandboxes)
            {
                HasInterception = options.Egress.HasInterception,
            },
        });
        services.AddRecentRuns(options.RecentRuns);
        services.AddKeptRuns(options.KeptRuns);
        services.AddBatches();
        services.AddSchedules(options.Schedules);
        services.AddCallbacks(options.Callbacks);
        services.AddSingleton<ICallbackRecord, CallbackRecord>();
        services.AddFaasMeters(options.Metrics.Scripts);
        services.AddSingleton<HttpMeters>();
        services.AddTelemetry(options.Otlp);
        services.AddSingleton<RequestGate>();
        services.AddSingleton<StopNotice>();
        services.AddSingleton<IHostLifetime, DeafLifetime>();
        services.AddSingleton<SettingsReload>();
        services.AddSingleton<CallerLimiter>();
        services.AddSingleton<KeysInForce>();
        services.AddKeys();
        services.AddSecrets(options.Secrets);
        services.AddEgress(options.Egress);
        services.AddCluster(options.Cluster);
        services.AddSingleton<OtherPools>();
        services.AddSingleton<WallReport>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<CallLog>();
        services.AddSingleton<RunEndpoint>();
        services.AddSingleton<AsyncRun>();
        services.AddSingleton<KeptCallRun>();
        services.AddSingleton<OnceCallRun>();
        services.AddSingleton<RunNowEndpoint>();
        services.AddSingleton<FunctionAccess>();
        services.AddSingleton<FunctionEndpoint>();
        services.AddSingleton<StillAdmitted>();
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<PoolEventsEndpoint>();
        services.AddSingleton<RunEventsEndpoint>();
        services.AddSingleton<KeptReaders>();
        services.AddSingleton<KeptEventsEndpoint>();
        services.AddSingleton<BatchEndpoint>();
        services.AddSingleton<BatchEventsEndpoint>();
        services.AddSingleton<ApiDocument>();
        services.AddSingleton(PageFiles.Embedded);
        services.AddMcp();
        parts(services);
        services.AddHostedService<GracefulStop>();

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var ports = app.Urls.Select(url => BindingAddress.Parse(url).Port);
            app.Services.GetRequiredService<ServerPorts>().Set(options.Cluster.Enabled ? ports.Append(options.Cluster.Listen.Port) : ports);
        });
        app.UseMiddleware<RequestMiddleware>();
        app.UseRouting();
        // A function answers preflights itself.
        app.UseWhen(context => !FunctionUrl.IsOf(context.Request.Path), pages => pages.UseCors());
        app.UseMiddleware<AccessMiddleware>();
        app.UsePageViews();
        app.MapRuns();
        app.MapRecentRuns();
        app.MapRedrives();
        app.MapCallbacks();
        app.MapBatches();
        app.MapScripts();
        app.MapFunctions();
        app.MapArchives();
        app.MapMcpRoute(options.Mcp);
        app.MapPool();
        app.MapCluster();
        app.MapSettings();
        app.MapKeys();
        app.MapSecrets();
        app.MapSchedules();
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDocument();
        app.MapDocs();
        app.MapPage();
        app.MapIndex();
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, HttpOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(options.Address, options.Port, endpoint =>
        {
            var gate = endpoint.ApplicationServices.GetRequiredService<RequestGate>();
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => async connection =>
            {
                await using var cut = gate.Closed.UnsafeRegister(state => ((ConnectionContext)state!).Abort(), connection);
                await using var end = EndWhenDismissed(gate, connection);
                await next(connection);
            });
        });
        options.Connections.Apply(kestrel.Limits);
    }

    // A connection that comes later may still ask whether the server is alive and ready.
    private static CancellationTokenRegistration EndWhenDismissed(RequestGate gate, ConnectionContext connection) =>
        gate.Dismissed.IsCancellationRequested ? default : gate.Dismissed.UnsafeRegister(
            state => ((IConnectionLifetimeNotificationFeature)state!).RequestClose(),
            connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>());
}
