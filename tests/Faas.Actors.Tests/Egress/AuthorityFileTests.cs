using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Faas.Actors.Egress.Tls;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class AuthorityFileTests : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-authority-");

    private string AuthorityPath => Path.Combine(_folder, "data", "authority.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_start_makes_it_for_its_owner_alone_and_the_next_one_reads_it()
    {
        var made = AuthorityFile.Open(AuthorityPath);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AuthorityPath));
        Assert.Contains("PRIVATE KEY", File.ReadAllText(AuthorityPath), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", made.Pem, StringComparison.Ordinal);
        Assert.Equal(made.Pem, AuthorityFile.Open(AuthorityPath).Pem);
    }

    [Fact]
    public void One_that_is_about_to_end_is_made_anew()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=old", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var old = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddDays(20));
        WriteFile(new CertificateAuthority(old).ToFile());

        Assert.NotEqual(new CertificateAuthority(old).Pem, AuthorityFile.Open(AuthorityPath).Pem);
    }

    [Fact]
    public void One_that_is_damaged_open_to_others_or_where_sandboxes_can_read_is_refused_and_kept()
    {
        foreach (var (text, mode, why) in ((string, UnixFileMode, string)[])
        [
            ("nonsense", UnixFileMode.UserRead, "has no certificate with its private key in PEM"),
            (CertificateAuthority.Create().Pem, UnixFileMode.UserRead, "has no certificate with its private key in PEM"),
            (CertificateAuthority.Create().ToFile(), UnixFileMode.UserRead | UnixFileMode.OtherRead, "chmod 600 mends that"),
        ])
        {
            WriteFile(text);
            File.SetUnixFileMode(AuthorityPath, mode);
            var refused = Assert.Throws<AuthorityException>(() => AuthorityFile.Open(AuthorityPath));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
            Assert.Equal(text, File.ReadAllText(AuthorityPath));
        }

        Assert.Contains(
            "which sandboxes can read",
            Assert.Throws<AuthorityException>(() => AuthorityFile.Open("/usr/share/authority.pem")).Message,
            StringComparison.Ordinal);
    }

    private void WriteFile(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(AuthorityPath)!);
        File.Delete(AuthorityPath);
        File.WriteAllText(AuthorityPath, text);
        File.SetUnixFileMode(AuthorityPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
