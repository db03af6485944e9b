using System.Globalization;
using Akka.Configuration;
using Faas.Actors.Configuration;

namespace Faas.Actors.Cluster;

/// <summary>The settings of a node for Akka: cluster.conf, and the values that follow from <see cref="ClusterOptions"/>. Pure.</summary>
public static class ClusterHocon
{
    /// <summary>Where cluster.conf is in this assembly.</summary>
    internal const string Resource = "Faas.Actors.Cluster.cluster.conf";

    /// <summary>All of them.</summary>
    public static Config Of(ClusterOptions options)
    {
        static string HostOf(ClusterAddress address) => HoconQuote.Of(address.Host.Trim('[', ']'));
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka.remote.dot-netty.tcp {
              hostname = {{HostOf(options.Listen)}}
              port = {{options.Listen.Port}}
              public-hostname = {{HostOf(options.Self)}}
              public-port = {{options.Self.Port}}
              enable-ssl = {{(options.Tls is null ? "off" : "on")}}
            }
            akka.cluster.min-nr-of-members = {{options.FormedBy}}
            """)).WithFallback(ConfigurationFactory.FromResource(Resource, typeof(ClusterHocon).Assembly));
    }
}
