using Faas.Actors.Configuration;
using Faas.Actors.Linux;

namespace Faas.Actors.Cluster;

/// <summary><c>faas.cluster</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Enabled">Whether this server is a node of a cluster.</param>
/// <param name="Self">By which address the others know this node.</param>
/// <param name="Seeds">The nodes that a starting node asks to be let in; empty: this node forms a cluster by itself.</param>
/// <param name="JoinTimeout">How long a start waits until this node is a member.</param>
/// <param name="Tls">The files for TLS between nodes; null: they speak in the clear, on this machine alone.</param>
public sealed record ClusterOptions(
    bool Enabled, ClusterAddress Self, IReadOnlyList<ClusterAddress> Seeds, TimeSpan JoinTimeout, ClusterTls? Tls)
{
    private const string EnabledKey = "faas.cluster.enabled";
    private const string HostKey = "faas.cluster.host";
    private const string ListenKey = "faas.cluster.listen";
    private const string SeedsKey = "faas.cluster.seeds";
    private const string LeaseKey = "faas.store.redis.lease";
    private static readonly string[] s_files = ["faas.cluster.tls.certificate", "faas.cluster.tls.key", "faas.cluster.tls.authority"];

    /// <summary>Where this node takes connections of the others, if that is not <see cref="Self"/>; null: it is.</summary>
    public ClusterAddress? ListensAt { get; init; }

    /// <summary>Where this node takes connections of the others.</summary>
    public ClusterAddress Listen => ListensAt ?? Self;

    /// <summary>The members without which no cluster forms: the majority of the seeds, so that two halves of them never form two.</summary>
    public int FormedBy => (Seeds.Count / 2) + 1;

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    /// <param name="settings">Every setting.</param>
    /// <param name="isStoreShared">Whether the store is a Redis that other servers reach, too.</param>
    /// <param name="storeLease">How long one server owns that Redis; zero: it has no owner.</param>
    public static ClusterOptions From(Settings settings, bool isStoreShared, TimeSpan storeLease)
    {
        var options = new ClusterOptions(
            settings.OneOf(EnabledKey, "true", "false") == "true",
            new ClusterAddress(HostOf(settings.Text(HostKey)), settings.Int("faas.cluster.port", 1, 65535)),
            [.. settings.List(SeedsKey).Select(SeedOf)],
            settings.Duration("faas.cluster.join-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            TlsOf(settings))
        {
            ListensAt = ListenOf(settings.Text(ListenKey)),
        };
        if (options.Enabled)
        {
            options.CheckTls();
            CheckStore(isStoreShared, storeLease);
        }

        return options;
    }

    private static string HostOf(string text) => ClusterAddress.HostOf(text) ?? throw new SettingException(
        HostKey, text, "an IP address or a name of this machine by which the other nodes reach it");

    private static ClusterAddress? ListenOf(string text) => text.Length == 0 ? null : ClusterAddress.ParseLocal(text)
        ?? throw new SettingException(
            ListenKey, text, "empty, or address:port, where the address is an IP address of this machine or 0.0.0.0");

    private static ClusterAddress SeedOf(string text) => ClusterAddress.Parse(text) ?? throw new SettingException(
        SeedsKey, text, "a list of host:port, where other nodes have faas.cluster.host and faas.cluster.port");

    private static ClusterTls? TlsOf(Settings settings)
    {
        string[] files = [.. s_files.Select(settings.Text)];
        return files.All(file => file.Length == 0) ? null : new ClusterTls(files[0], files[1], files[2]);
    }

    private static void CheckStore(bool isShared, TimeSpan lease)
    {
        if (!isShared)
        {
            throw new SettingException(
                EnabledKey,
                "true",
                "false as long as faas.store.redis (REDIS_HOST) names no Redis server: the nodes of a cluster share one");
        }

        if (lease > TimeSpan.Zero)
        {
            throw new SettingException(
                LeaseKey, DurationText.Of(lease), $"0 as long as {EnabledKey} is true: the lease gives the store to one server alone");
        }
    }

    private void CheckTls()
    {
        if (Tls is null)
        {
            if (!Self.IsLoopback || !Listen.IsLoopback)
            {
                throw new SettingException(
                    Self.IsLoopback ? ListenKey : HostKey,
                    Self.IsLoopback ? Listen.ToString() : Self.Host,
                    $"a loopback address as long as {s_files[0]} is not set: a node does what the others tell it");
            }

            return;
        }

        string[] files = [Tls.Certificate, Tls.Key, Tls.Authority];
        if (Array.IndexOf(files, "") is >= 0 and var missing)
        {
            throw new SettingException(s_files[missing], "", $"a file, because {s_files[missing == 0 ? 1 : 0]} is set");
        }

        if (SandboxView.FolderOf(Tls.Key) is { } seen)
        {
            throw new SettingException(s_files[1], Tls.Key, $"a file outside of {seen}, which sandboxes can read");
        }
    }
}
