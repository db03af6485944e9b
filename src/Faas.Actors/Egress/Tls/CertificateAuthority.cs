using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress.Tls;

/// <summary>
/// Signs the certificates that the proxy shows to the clients in sandboxes where it ends TLS.
/// </summary>
/// <remarks>
/// Theory of operation. A client accepts the proxy in the place of a host if the proxy has a certificate for the host's name (RFC 5280, its
/// subjectAltName) from an authority that the client trusts. Sandboxes trust this one. A certificate is made when a host is first asked
/// for, is kept in memory, and holds for two days, of which it is used for one. All have one key, which is made with the server's process.
/// </remarks>
public sealed class CertificateAuthority
{
    /// <summary>The most certificates that are kept.</summary>
    public const int MostKept = 1000;

    private const int Years = 10;
    private const int SerialBytes = 16;

    private static readonly TimeSpan s_skew = TimeSpan.FromHours(1); // clocks in sandboxes are the server's own
    private static readonly TimeSpan s_use = TimeSpan.FromHours(24);
    private static readonly Oid s_serverAuthentication = new("1.3.6.1.5.5.7.3.1");

    private readonly X509Certificate2 _certificate;
    private readonly ECDsa _leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<HostName, (SslStreamCertificateContext Context, DateTimeOffset RenewAt)> _kept = new();

    /// <summary>The authority of a certificate with its private key.</summary>
    public CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The certificate in PEM, without the key.</summary>
    public string Pem => $"{_certificate.ExportCertificatePem()}\n";

    /// <summary>A new authority, with a key of ECDSA P-256.</summary>
    public static CertificateAuthority Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Faas sandboxes of one server", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        const X509KeyUsageFlags signs = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(signs, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = DateTimeOffset.UtcNow;
        return new CertificateAuthority(request.CreateSelfSigned(now - s_skew, now.AddYears(Years)));
    }

    /// <summary>What a file keeps of it: the certificate and the private key, in PEM.</summary>
    public string ToFile()
    {
        using var key = _certificate.GetECDsaPrivateKey()!;
        return $"{Pem}{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    /// <summary>The certificate that the proxy shows in the place of a host.</summary>
    public SslStreamCertificateContext ContextFor(HostName host)
    {
        var now = DateTimeOffset.UtcNow;
        if (_kept.TryGetValue(host, out var known) && now < known.RenewAt)
        {
            return known.Context;
        }

        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        var context = SslStreamCertificateContext.Create(Sign(host, now), additionalCertificates: null, offline: true);
        _kept[host] = (context, now + s_use);
        return context;
    }

    private X509Certificate2 Sign(HostName host, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=Faas proxy", _leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (host.Address is { } address)
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host.Text);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([s_serverAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7f) | 1); // a positive number without a zero in front
        using var certificate = request.Create(_certificate, now - s_skew, now + (2 * s_use), serial);
        return certificate.CopyWithPrivateKey(_leafKey);
    }
}
