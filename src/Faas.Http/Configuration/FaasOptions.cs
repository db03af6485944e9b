using Akka.Configuration;
using Faas.Actors.Callbacks;
using Faas.Actors.Cluster;
using Faas.Actors.Configuration;
using Faas.Actors.Egress;
using Faas.Actors.Libraries;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.Secrets;
using Faas.Actors.Storage.Redis;

namespace Faas.Http.Configuration;

/// <summary>Every setting of the server, read and checked before anything starts.</summary>
/// <param name="Http"><c>faas.http</c>.</param>
/// <param name="Store"><c>faas.store</c>.</param>
/// <param name="Scripts"><c>faas.scripts</c>.</param>
/// <param name="Pool"><c>faas.pool</c>.</param>
/// <param name="Sandbox"><c>faas.sandbox</c>.</param>
/// <param name="Log"><c>faas.log</c>.</param>
/// <param name="Metrics"><c>faas.metrics</c>.</param>
/// <param name="Mcp"><c>faas.mcp</c>.</param>
/// <param name="Hocon">
/// The <c>akka</c> section that an override file may carry, for the actor system; nothing else, because the rest holds secrets.
/// </param>
public sealed record FaasOptions(
    HttpOptions Http,
    StoreOptions Store,
    ScriptOptions Scripts,
    PoolOptions Pool,
    SandboxOptions Sandbox,
    LogOptions Log,
    MetricsOptions Metrics,
    McpOptions Mcp,
    Config Hocon)
{
    /// <summary><c>faas.secrets</c>.</summary>
    public required SecretOptions Secrets { get; init; }

    /// <summary><c>faas.network</c>.</summary>
    public required EgressOptions Egress { get; init; }

    /// <summary><c>faas.libraries</c>.</summary>
    public required LibraryOptions Libraries { get; init; }

    /// <summary><c>faas.runs.recent</c>.</summary>
    public required RecentRunsOptions RecentRuns { get; init; }

    /// <summary><c>faas.runs.kept</c>.</summary>
    public required KeptRunsOptions KeptRuns { get; init; }

    /// <summary><c>faas.schedules</c>.</summary>
    public required SchedulesOptions Schedules { get; init; }

    /// <summary><c>faas.callbacks</c>.</summary>
    public required CallbackOptions Callbacks { get; init; }

    /// <summary><c>faas.cluster</c>.</summary>
    public required ClusterOptions Cluster { get; init; }

    /// <summary>Where traces, metrics and logs are sent, by the environment variables of OpenTelemetry.</summary>
    public OtlpOptions Otlp { get; init; } = OtlpOptions.None;

    /// <summary>Reads and checks every section; throws <see cref="SettingException"/> at the first wrong value.</summary>
    /// <param name="settings">Every setting.</param>
    /// <param name="akka">The section of the override file.</param>
    public static FaasOptions From(Settings settings, Config akka) => From(settings, StoreOptions.From(settings), akka);

    private static FaasOptions From(Settings settings, StoreOptions store, Config akka) => new(
        HttpOptions.From(settings),
        store,
        ScriptOptions.From(settings),
        PoolOptions.From(settings),
        SandboxOptions.From(settings),
        LogOptions.From(settings),
        MetricsOptions.From(settings),
        McpOptions.From(settings),
        akka)
    {
        Secrets = SecretOptions.From(settings),
        Egress = EgressOptions.From(settings),
        Libraries = LibraryOptions.From(settings),
        RecentRuns = RecentRunsOptions.From(settings),
        KeptRuns = KeptRunsOptions.From(settings, PoolOptions.From(settings).Running),
        Schedules = SchedulesOptions.From(settings),
        Callbacks = CallbackOptions.From(settings),
        Cluster = ClusterOptions.From(settings, isStoreShared: store.Redis is not null, store.Lease),
    };
}
