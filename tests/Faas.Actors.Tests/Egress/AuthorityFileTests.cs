using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Faas.Actors.Egress.Tls;
using Faas.Actors.Hosts;
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
    public void One_that_a_server_has_made_and_that_is_about_to_end_is_made_anew()
    {
        var old = Root(CertificateAuthority.OwnSubject, -365, 20);
        WriteFile(old.ToFile());

        Assert.NotEqual(old.Pem, AuthorityFile.Open(AuthorityPath).Pem);
    }

    [Theory]
    [InlineData(-365, 20)]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    public void One_of_the_operator_is_used_until_it_ends_also_without_a_key_identifier_and_signs_for_no_longer(int from, int until)
    {
        var own = Root("CN=the operator's", from, until);
        WriteFile(own.ToFile());

        var opened = AuthorityFile.Open(AuthorityPath);

        Assert.Equal(own.Pem, opened.Pem);
        var leaf = opened.ContextFor(HostName.TryParse("a.test", out var name, out _) ? name : null!).TargetCertificate;
        using var root = X509Certificate2.CreateFromPem(own.Pem);
        Assert.InRange(leaf.NotBefore, root.NotBefore, root.NotAfter);
        Assert.InRange(leaf.NotAfter, root.NotBefore, root.NotAfter);
    }

    [Theory]
    [InlineData(-20, -1, true, "holds from")]
    [InlineData(1, 20, true, "holds from")]
    [InlineData(-1, 20, false, "cannot sign")]
    public void One_of_the_operator_that_cannot_sign_is_refused_and_kept(int from, int until, bool maySign, string why)
    {
        WriteFile(Root("CN=the operator's", from, until, maySign).ToFile());
        var text = File.ReadAllText(AuthorityPath);

        var refused = Assert.Throws<AuthorityException>(() => AuthorityFile.Open(AuthorityPath));

        Assert.StartsWith($"The authority in {AuthorityPath} cannot be used: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(AuthorityPath));
    }

    [Fact]
    public async Task Servers_that_start_at_once_have_the_same()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => AuthorityFile.Open(AuthorityPath))));

        Assert.Single(opened.Select(one => one.Pem).Distinct());
        Assert.Equal(AuthorityPath, Assert.Single(Directory.GetFiles(Path.GetDirectoryName(AuthorityPath)!)));
    }

    [Fact]
    public void A_certificate_is_kept_until_others_need_its_place()
    {
        var authority = CertificateAuthority.Create();
        var names = Enumerable.Range(0, CertificateAuthority.MostKept + 1)
            .Select(number => HostName.TryParse($"h{number}.test", out var name, out _) ? name : null!).ToArray();
        var contexts = names.Select(authority.ContextFor).ToArray();

        Assert.Same(contexts[^1], authority.ContextFor(names[^1]));
        Assert.Same(contexts[1], authority.ContextFor(names[1]));
        Assert.NotSame(contexts[0], authority.ContextFor(names[0])); // the oldest one made place
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

    private static CertificateAuthority Root(string subject, int from, int until, bool maySign = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            maySign ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, critical: true));
        var now = DateTimeOffset.UtcNow;
        return new CertificateAuthority(request.CreateSelfSigned(now.AddDays(from), now.AddDays(until)));
    }

    private void WriteFile(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(AuthorityPath)!);
        File.Delete(AuthorityPath);
        File.WriteAllText(AuthorityPath, text);
        File.SetUnixFileMode(AuthorityPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
