using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Faas.Testing;

/// <summary>A certificate for an address of loopback, and perhaps for names, that signs itself, as files.</summary>
public sealed class TestCertificate : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-certificate-");

    /// <summary>Makes one.</summary>
    /// <param name="address">The address that it is for; null: 127.0.0.1.</param>
    /// <param name="hosts">The names that it is for, too.</param>
    public TestCertificate(IPAddress? address = null, params IEnumerable<string> hosts)
    {
        address ??= IPAddress.Loopback;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        foreach (var host in hosts)
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The certificate, in PEM.</summary>
    public string CertificateFile => Path.Combine(_folder, "certificate.pem");

    /// <summary>Its private key, in PEM.</summary>
    public string KeyFile => Path.Combine(_folder, "key.pem");

    /// <summary>The certificate with its private key, as a server needs it.</summary>
    public X509Certificate2 Load()
    {
        using var pem = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
