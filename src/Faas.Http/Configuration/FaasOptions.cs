using Akka.Configuration;
using Faas.Actors.Configuration;
using Faas.Actors.Persistence;
using Faas.Actors.Pool;
using Faas.Actors.Sandboxes;
using Faas.Actors.Scripts;

namespace Faas.Http.Configuration;

/// <summary>Every setting of the server, read and checked before anything starts.</summary>
/// <param name="Http"><c>faas.http</c>.</param>
/// <param name="Store"><c>faas.store</c>.</param>
/// <param name="Scripts"><c>faas.scripts</c>.</param>
/// <param name="Pool"><c>faas.pool</c>.</param>
/// <param name="Sandbox"><c>faas.sandbox</c>.</param>
/// <param name="Hocon">The whole configuration, for the actor system: an override file may carry an <c>akka</c> section.</param>
public sealed record FaasOptions(
    HttpOptions Http,
    StoreOptions Store,
    ScriptOptions Scripts,
    PoolOptions Pool,
    SandboxOptions Sandbox,
    Config Hocon)
{
    /// <summary>Reads and checks every section; throws <see cref="SettingException"/> at the first wrong value.</summary>
    public static FaasOptions From(Settings settings) => new(
        HttpOptions.From(settings),
        StoreOptions.From(settings),
        ScriptOptions.From(settings),
        PoolOptions.From(settings),
        SandboxOptions.From(settings),
        settings.Config);
}
