using Akka.Hosting;
using Faas.Actors.Lending;
using Faas.Actors.Scripts.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Scripts.Registry;

/// <summary>Wires the scripts: what they need into the host, their actors into the actor system.</summary>
public static class ScriptHosting
{
    /// <summary>
    /// Registers what the scripts' actors need beside the store, and <see cref="IScriptReads"/>, on a server that has its store for itself.
    /// </summary>
    public static IServiceCollection AddScripts(this IServiceCollection services, ScriptOptions options) => services
        .AddSingleton(options)
        .AddSoleAuthority()
        .AddSingleton(EntityParent.OfOneNode)
        .AddSingleton<LiveScripts>()
        .AddSingleton<IScriptReads>(provider => provider.GetRequiredService<LiveScripts>());

    /// <summary>
    /// Starts the scripts and the list of them, on a server of one node. In a cluster, the room Sharding does, with the same actors.
    /// </summary>
    public static AkkaConfigurationBuilder AddScripts(this AkkaConfigurationBuilder builder) => builder
        .AddScriptParent()
        .AddCatalogKeeper();
}
