using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Faas.Actors.Cluster;

/// <summary>
/// By what a node proves who it is, and by what it judges the others.
/// <para>
/// Theory of operation. Both sides of every connection between nodes show a certificate, and each takes the other's only if one of its own
/// authorities has signed it and it is valid now. Which host a certificate names does not count: every node of the authorities may do
/// everything in the cluster, so they should sign for nothing else. The authorities of the machine count for nothing.
/// </para>
/// </summary>
public sealed class ClusterCertificates
{
    private const UnixFileMode Strangers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly X509Certificate2Collection _authorities;

    private ClusterCertificates(X509Certificate2 own, X509Certificate2Collection authorities)
    {
        Own = own;
        _authorities = authorities;
    }

    /// <summary>This node's certificate, with its private key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>
    /// Reads the files. Throws <see cref="ClusterStartException"/> if they cannot be used, also when the node would not let itself in.
    /// </summary>
    public static ClusterCertificates Read(ClusterTls files)
    {
        var key = Text("key", files.Key);
        if ((File.GetUnixFileMode(files.Key) & Strangers) != 0)
        {
            throw Wrong("key", files.Key, "every user of this machine may read or write it; chmod 600 mends that");
        }

        var certificates = new ClusterCertificates(
            OwnOf(Text("certificate", files.Certificate), key, files), AuthoritiesOf(Text("authority", files.Authority), files));
        return certificates.WhyNot(certificates.Own, []) is { } why
            ? throw Wrong("certificate", files.Certificate, $"the authority in {files.Authority} would not let this node in: {why}")
            : certificates;
    }

    /// <summary>Why a node that shows this certificate is not let in; null: it is.</summary>
    /// <param name="peer">What it has shown; null: nothing.</param>
    /// <param name="others">Certificates between it and its authority.</param>
    public string? WhyNot(X509Certificate2? peer, X509Certificate2Collection others)
    {
        if (peer is null)
        {
            return "it has shown no certificate";
        }

        string? first = null;
        foreach (var authority in _authorities)
        {
            if (WhyNot(peer, authority, others) is not { } why)
            {
                return null;
            }

            first ??= why;
        }

        return first;
    }

    // Each authority by itself: one that takes another's place may have the same name, and only the first of a name would be tried.
    private static string? WhyNot(X509Certificate2 peer, X509Certificate2 authority, X509Certificate2Collection others)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ExtraStore.AddRange(others);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(peer)
            ? null
            : string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim().TrimEnd('.')).Distinct());
    }

    private static X509Certificate2 OwnOf(string certificate, string key, ClusterTls files)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw Wrong("certificate", files.Certificate, $"it has no certificate in PEM that belongs to the private key in {files.Key}");
        }
    }

    private static X509Certificate2Collection AuthoritiesOf(string text, ClusterTls files)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            authorities.Clear();
        }

        return authorities.Count > 0 ? authorities : throw Wrong("authority", files.Authority, "it has no certificate in PEM");
    }

    private static string Text(string name, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Wrong(name, file, unreadable.Message.TrimEnd('.'));
        }
    }

    private static ClusterStartException Wrong(string name, string file, string why) =>
        new($"faas.cluster.tls.{name} = {file}: {why.ReplaceLineEndings(" ")}.");
}
