using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Faas.Actors.Linux;

namespace Faas.Actors.Egress.Tls;

/// <summary>
/// The file with the certificate and the private key of the proxy's authority, in PEM. The first start with interception makes it, readable
/// for its owner alone, and one makes it anew when the certificate is about to end. Whoever has the file can pass for every host towards
/// the sandboxes of this server; no other program trusts the authority.
/// </summary>
public static class AuthorityFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly TimeSpan s_spare = TimeSpan.FromDays(30);

    /// <summary>Reads the authority, or makes it. Throws <see cref="AuthorityException"/>.</summary>
    public static CertificateAuthority Open(string file)
    {
        var path = Path.GetFullPath(file);
        if (SandboxView.FolderOf(path) is { } seen)
        {
            throw new AuthorityException(
                $"The authority's file {path} is in {seen}, which sandboxes can read; faas.network.authority-file names another.");
        }

        try
        {
            if (File.Exists(path) && Read(path) is { } known)
            {
                return known;
            }

            var made = CertificateAuthority.Create();
            PrivateFile.Write(path, made.ToFile(), mayOverwrite: true);
            return made;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new AuthorityException($"The authority's file {path} cannot be used: {refused.Message.ReplaceLineEndings(" ")}");
        }
    }

    // Null: its certificate is about to end.
    private static CertificateAuthority? Read(string path)
    {
        if ((File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new AuthorityException(
                $"The authority's file {path} has a private key, and others than its owner may read or write it; chmod 600 mends that.");
        }

        X509Certificate2 certificate;
        try
        {
            var text = File.ReadAllText(path);
            certificate = X509Certificate2.CreateFromPem(text, text);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new AuthorityException($"The authority's file {path} has no certificate with its private key in PEM.");
        }

        if (certificate.GetECDsaPrivateKey() is null || !IsAuthority(certificate))
        {
            certificate.Dispose();
            throw new AuthorityException($"The authority's file {path} has no certificate of an authority with an ECDSA key.");
        }

        if (certificate.NotAfter.ToUniversalTime() - DateTime.UtcNow > s_spare)
        {
            return new CertificateAuthority(certificate);
        }

        certificate.Dispose();
        return null;
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
}
