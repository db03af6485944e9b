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
/// for, is kept in memory, and holds for two days, of which it is used for one, but not for longer than the authority's own. All have one
/// key, which is made with the server's process.
/// </remarks>
public sealed class CertificateAuthority
{
    /// <summary>The most certificates that are kept.</summary>
    public const int MostKept = 200;

    /// <summary>The subject of an authority that a server has made for itself.</summary>
    public const string OwnSubject = "CN=Faas sandboxes of one server";

    private const X509ChainStatusFlags NotOfThisName = X509ChainStatusFlags.InvalidNameConstraints
        | X509ChainStatusFlags.HasNotSupportedNameConstraint
        | X509ChainStatusFlags.HasNotDefinedNameConstraint
        | X509ChainStatusFlags.HasNotPermittedNameConstraint
        | X509ChainStatusFlags.HasExcludedNameConstraint;

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
        var request = new CertificateRequest(OwnSubject, key, HashAlgorithmName.SHA256);
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

    /// <summary>Signs a certificate and verifies it as a client does. Throws <see cref="AuthorityException"/>: it is not right.</summary>
    public void Try()
    {
        var trial = HostName.TryParse("faas.invalid", out var name, out _) ? name : throw new InvalidOperationException("no name");
        using var leaf = Sign(trial, DateTimeOffset.UtcNow);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.Build(leaf);
        var wrong = chain.ChainStatus.Select(one => one.Status & ~NotOfThisName).Where(one => one != 0).Distinct().ToArray();
        if (wrong.Length > 0)
        {
            throw new AuthorityException($"no client would trust what it signs ({string.Join(", ", wrong)}).");
        }
    }

    /// <summary>The certificate that the proxy shows in the place of a host. Throws <see cref="AuthorityException"/>.</summary>
    public SslStreamCertificateContext ContextFor(HostName host)
    {
        var now = DateTimeOffset.UtcNow;
        if (_kept.TryGetValue(host, out var known) && now < known.RenewAt)
        {
            return known.Context;
        }

        while (_kept.Count >= MostKept)
        {
            _kept.TryRemove(_kept.MinBy(one => one.Value.RenewAt).Key, out _);
        }

        var certificate = Sign(host, now);
        var context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        _kept[host] = (context, Earlier(now + s_use, new DateTimeOffset(certificate.NotAfter)));
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
        if (_certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        }

        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7f) | 1); // a positive number without a zero in front
        var (begin, end) = (new DateTimeOffset(_certificate.NotBefore), new DateTimeOffset(_certificate.NotAfter));
        if (begin > now || end <= now)
        {
            throw new AuthorityException($"the authority's certificate holds from {begin:u} to {end:u}.");
        }

        try
        {
            var from = begin > now - s_skew ? begin : now - s_skew;
            using var certificate = request.Create(_certificate, from, Earlier(now + (2 * s_use), end), serial);
            return certificate.CopyWithPrivateKey(_leafKey);
        }
        catch (Exception refused) when (refused is CryptographicException or ArgumentException or InvalidOperationException)
        {
            throw new AuthorityException($"it cannot sign: {refused.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
