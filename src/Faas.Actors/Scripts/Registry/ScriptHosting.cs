using Akka.Hosting;
using Faas.Actors.Scripts.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Scripts.Registry;

/// <summary>Wires the scripts: what they need into the host, their actors into the actor system.</summary>
public static class ScriptHosting
{
    /// <summary>Registers what the scripts' actors need beside the store, and <see cref="IScriptReads"/>.</summary>
    public static IServiceCollection AddScripts(this IServiceCollection services, ScriptOptions options) => services
        .AddSingleton(options)
        .AddSingleton<LiveScripts>()
        .AddSingleton<IScriptReads>(provider => provider.GetRequiredService<LiveScripts>());

    /// <summary>
    /// Starts the scripts and the list of them. This is the one place that says where a script's actor runs: under a parent
    /// on this node. A shard region for <see cref="ScriptRegistry"/>, with the same extractor and the same props, is the other way.
    /// </summary>
    public static AkkaConfigurationBuilder AddScripts(this AkkaConfigurationBuilder builder) => builder
        .AddScriptParent()
        .AddCatalogKeeper();
}
