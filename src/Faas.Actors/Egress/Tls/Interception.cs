using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress.Tls;

/// <summary>How the proxy speaks TLS in the place of a host, and with the host in the place of the client.</summary>
/// <param name="authority">Signs what clients are shown.</param>
/// <param name="roots">The authorities that sign hosts' certificates; null: those that the system trusts.</param>
internal sealed class Interception(CertificateAuthority authority, X509Certificate2Collection? roots)
{
    /// <summary>For the side of the client. Throws <see cref="AuthorityException"/>: the authority can sign no more.</summary>
    public SslServerAuthenticationOptions AsHost(HostName host) => new()
    {
        ServerCertificateContext = authority.ContextFor(host),
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        AllowRenegotiation = false,
    };

    /// <summary>For the side of the host.</summary>
    /// <remarks>Nothing but the host is asked about its certificate: no issuer's address in it, and no list of revoked ones.</remarks>
    /// <param name="host">The host, for whose name its certificate must be.</param>
    /// <param name="tell">Is told why a certificate is not trusted, as the end of a sentence.</param>
    public SslClientAuthenticationOptions AsClient(HostName host, Action<string> tell) => new()
    {
        TargetHost = host.Address?.ToString() ?? host.Text,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        AllowRenegotiation = false,
        CertificateChainPolicy = PolicyOf(),
        RemoteCertificateValidationCallback = (_, _, chain, errors) =>
        {
            if (errors != SslPolicyErrors.None)
            {
                tell(Why(chain, errors));
            }

            return errors == SslPolicyErrors.None;
        },
    };

    // A certificate may name addresses of issuers and of lists of revoked certificates. To ask there would lead the server, from its own
    // network, wherever the host says.
    private X509ChainPolicy PolicyOf()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }

    private static string Why(X509Chain? chain, SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "has no certificate"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "has a certificate for another name"
        : $"has a certificate that this machine does not trust ({string.Join(", ", StatusOf(chain).Distinct())})";

    private static IEnumerable<X509ChainStatusFlags> StatusOf(X509Chain? chain) => (chain?.ChainStatus ?? []).Select(one => one.Status);
}
