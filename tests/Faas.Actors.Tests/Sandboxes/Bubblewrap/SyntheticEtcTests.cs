using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

public sealed class SyntheticEtcTests : OwnFolder
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public SyntheticEtcTests() => SyntheticEtc.Write(Etc, "the proxy's authority\n");

    private string Etc => Path.Combine(Folder, "etc");

    [Fact]
    public void The_user_inside_has_a_name_and_a_home() =>
        Assert.Contains(
            File.ReadLines(Path.Combine(Etc, "passwd")), line => line.Split(':') is ["script", _, "1000", "1000", _, "/tmp", _]);

    [Fact]
    public void Localhost_is_known_and_nothing_resolves_beyond()
    {
        Assert.Contains("127.0.0.1 localhost", File.ReadLines(Path.Combine(Etc, "hosts")));
        Assert.Contains("hosts: files", File.ReadLines(Path.Combine(Etc, "nsswitch.conf")));
        Assert.Empty(File.ReadAllText(Path.Combine(Etc, "resolv.conf")));
    }

    [Fact]
    public void The_authorities_of_the_host_are_trusted_and_behind_them_that_of_the_proxy()
    {
        var bundle = File.ReadAllText(Path.Combine(Etc, "ssl", "certs", "ca-certificates.crt"));
        var host = TrustFiles.BundleOfHost() is { } file ? File.ReadAllText(file) : "";
        Assert.Equal(CertificatesIn(host), CertificatesIn(bundle));
        Assert.EndsWith("\nthe proxy's authority\n", bundle, StringComparison.Ordinal);
        Assert.Equal("the proxy's authority\n", File.ReadAllText(Path.Combine(Etc, "faas-authority.pem")));
        SyntheticEtc.Write(Path.Combine(Folder, "without"), authority: null);
        Assert.False(File.Exists(Path.Combine(Folder, "without", "faas-authority.pem")));
    }

    [Fact]
    public void Of_a_bundle_the_certificates_alone_are_taken_and_one_that_cannot_be_read_is_named()
    {
        const string Begin = "-----BEGIN ", End = "-----END ", Rest = "-----\n";
        var file = Path.Combine(Folder, "bundle.pem");
        File.WriteAllText(file, $"a comment\n{Begin}PRIVATE KEY{Rest}MIIB\n{End}PRIVATE KEY{Rest}{Begin}CERTIFICATE{Rest}AAAA\n{End}CERTIFICATE{Rest}"
            + $"password = x\n{Begin}CERTIFICATE{Rest}BBBB\n{End}CERTIFICATE{Rest}");

        Assert.Equal(
            $"{Begin}CERTIFICATE{Rest}AAAA\n{End}CERTIFICATE{Rest}{Begin}CERTIFICATE{Rest}BBBB\n{End}CERTIFICATE{Rest}",
            TrustFiles.CertificatesIn(file));
        var refused = Assert.Throws<SandboxStartException>(() => TrustFiles.CertificatesIn(Folder));
        Assert.StartsWith($"The authorities in {Folder} cannot be read: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static int CertificatesIn(string bundle) => bundle.Split("-----BEGIN CERTIFICATE-----").Length;

    [Fact]
    public void Nothing_says_which_machine_it_is()
    {
        Assert.Equal("sandbox\n", File.ReadAllText(Path.Combine(Etc, "hostname")));
        Assert.Empty(Directory.GetFiles(Etc).Select(Path.GetFileName).Except(
            ["passwd", "group", "hosts", "nsswitch.conf", "resolv.conf", "hostname", "ld.so.cache", "localtime", "matplotlibrc",
                "faas-authority.pem"]));
        Assert.DoesNotContain(Directory.GetFiles(Etc, "*", SearchOption.AllDirectories).Where(
            file => new FileInfo(file).LinkTarget is null && !file.EndsWith("ld.so.cache", StringComparison.Ordinal)
                && !file.EndsWith(".crt", StringComparison.Ordinal)),
            file => File.ReadAllText(file).Contains(Environment.MachineName, StringComparison.Ordinal));
    }

    [Fact]
    public void Commands_and_libraries_that_are_alternatives_lead_where_they_lead_on_the_machine()
    {
        var host = new DirectoryInfo("/etc/alternatives");
        var alternatives = host.Exists
            ? host.EnumerateFileSystemInfos().Where(link => LeadsTo("/usr/bin/", link)
                || (LeadsTo("/usr/lib/", link) && link.Name.Contains(".so", StringComparison.Ordinal)))
            : [];

        Assert.Equal(
            alternatives.Select(link => (link.Name, link.LinkTarget)).Order(),
            new DirectoryInfo(Path.Combine(Etc, "alternatives"))
                .EnumerateFileSystemInfos()
                .Select(link => (link.Name, link.LinkTarget))
                .Order());
    }

    private static bool LeadsTo(string folder, FileSystemInfo link) =>
        link.LinkTarget?.StartsWith(folder, StringComparison.Ordinal) == true;

    [Fact]
    public void Everybody_can_read_it_and_only_the_server_can_write_it() =>
        Assert.All((string[])[Etc, .. Directory.GetFiles(Etc), Path.Combine(Etc, "alternatives")], path =>
        {
            Assert.True(Readable.IsOpen(path));
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & OthersWrite);
        });
}
