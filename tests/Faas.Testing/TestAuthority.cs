using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Faas.Testing;

/// <summary>A certificate authority of a test's own, and the certificates that it signs, as files.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan s_life = TimeSpan.FromDays(1);
    private readonly string _folder = TestFolder.Create("faas-authority-");
    private readonly X509Certificate2 _own;

    /// <summary>Makes one.</summary>
    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow - (2 * s_life), DateTimeOffset.UtcNow + (2 * s_life));
        File.WriteAllText(CertificateFile, _own.ExportCertificatePem());
    }

    /// <summary>Its certificate, in PEM.</summary>
    public string CertificateFile => Path.Combine(_folder, "authority.pem");

    /// <summary>Signs a certificate; the files with it and with its private key, in PEM.</summary>
    /// <param name="name">Whom it is for, and what the files are called.</param>
    /// <param name="ended">Whether it was valid until yesterday alone.</param>
    public (string Certificate, string Key) Sign(string name, bool ended = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var until = ended ? DateTimeOffset.UtcNow - (s_life / 2) : DateTimeOffset.UtcNow + s_life;
        using var certificate = request.Create(_own, DateTimeOffset.UtcNow - s_life, until, RandomNumberGenerator.GetBytes(16));
        var (file, keyFile) = (Path.Combine(_folder, $"{name}.pem"), Path.Combine(_folder, $"{name}.key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (file, keyFile);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _own.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
