using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Faas.Actors.Linux;

namespace Faas.Actors.Egress.Tls;

/// <summary>
/// The file with the certificate and the private key of the proxy's authority, in PEM. The first start with interception makes it, readable
/// for its owner alone, and one makes it anew when the certificate is about to end. An authority of the operator's own, which has another
/// subject, is never replaced. Whoever has the file can pass for every host towards
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
            var isThere = File.Exists(path);
            return isThere && Read(path) is { } known ? known : Make(path, mayOverwrite: isThere);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new AuthorityException($"The authority's file {path} cannot be used: {refused.Message.ReplaceLineEndings(" ")}");
        }
    }

    // Where two servers start with one file, the second one takes what the first has made.
    private static CertificateAuthority Make(string path, bool mayOverwrite)
    {
        var made = CertificateAuthority.Create();
        try
        {
            PrivateFile.Write(path, made.ToFile(), mayOverwrite);
            return made;
        }
        catch (IOException) when (!mayOverwrite && File.Exists(path))
        {
            return Read(path) ?? made;
        }
    }

    // Null: its certificate is one that a server has made, and about to end.
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

        var isOwn = certificate.Subject == CertificateAuthority.OwnSubject;
        if (isOwn && certificate.NotAfter.ToUniversalTime() - DateTime.UtcNow <= s_spare)
        {
            certificate.Dispose();
            return null;
        }

        var authority = new CertificateAuthority(certificate);
        try
        {
            authority.Try();
            return authority;
        }
        catch (AuthorityException wrong)
        {
            certificate.Dispose();
            throw new AuthorityException($"The authority in {path} cannot be used: {wrong.Message}");
        }
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
}
