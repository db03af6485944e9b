using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>
/// The files in a sandbox with the authorities that sign the certificates of web servers. Programs that use OpenSSL find the bundle where
/// Debian has it, or by <c>SSL_CERT_FILE</c>; node and some libraries of Python have lists of their own.
/// </summary>
internal static class TrustFiles
{
    /// <summary>All authorities, within /etc.</summary>
    public const string Bundle = "ssl/certs/ca-certificates.crt";

    /// <summary>The authority that signs for the server's proxy alone, within /etc. It is also in the bundle.</summary>
    public const string Authority = "faas-authority.pem";

    private const string Label = "CERTIFICATE";
    private const string Variable = "SSL_CERT_FILE";

    // Debian, Fedora, SUSE, Alpine.
    private static readonly string[] s_places =
        ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"];

    /// <summary>The path of the bundle in a sandbox.</summary>
    public static string BundleInside => $"/etc/{Bundle}";

    /// <summary>The path of the proxy's authority in a sandbox.</summary>
    public static string AuthorityInside => $"/etc/{Authority}";

    /// <summary>The file that the server itself trusts; null: the machine has none.</summary>
    public static string? BundleOfHost() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named && File.Exists(named)
            ? named
            : Array.Find(s_places, File.Exists);

    /// <summary>
    /// The certificates of a file in PEM. Anything else in it, such as a private key beside a certificate, is left out. Throws
    /// <see cref="SandboxStartException"/>: the file cannot be read.
    /// </summary>
    public static string CertificatesIn(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SandboxStartException(
                $"The authorities in {file} cannot be read: {unreadable.Message.ReplaceLineEndings(" ")} ({Variable} names another file.)",
                unreadable);
        }

        var certificates = new StringBuilder();
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            if (rest[found.Label] is Label)
            {
                certificates.Append(rest[found.Location]).Append('\n');
            }
        }

        return certificates.ToString();
    }
}
