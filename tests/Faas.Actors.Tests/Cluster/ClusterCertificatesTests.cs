using System.Security.Cryptography.X509Certificates;
using Faas.Actors.Cluster;
using Xunit;

namespace Faas.Actors.Tests.Cluster;

public sealed class ClusterCertificatesTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void A_node_of_the_same_authority_is_let_in_and_no_other()
    {
        var own = Read(_authority.Sign("own"));
        Assert.Null(own.WhyNot(Certificate(_authority.Sign("peer")), []));
        Assert.NotNull(own.WhyNot(Certificate(_other.Sign("stranger")), []));
        Assert.NotNull(own.WhyNot(Certificate(_authority.Sign("late", ended: true)), []));
        Assert.NotNull(own.WhyNot(null, []));
    }

    [Fact]
    public void A_certificate_that_signs_itself_is_no_authority_even_when_the_peer_sends_it_along()
    {
        using var itself = new TestCertificate();
        using var certificate = itself.Load();
        Assert.NotNull(Read(_authority.Sign("own")).WhyNot(certificate, [certificate]));
    }

    [Fact]
    public void While_an_authority_is_replaced_nodes_of_both_are_let_in()
    {
        var both = Path.Combine(Path.GetDirectoryName(_authority.CertificateFile)!, "both.pem");
        File.WriteAllText(both, $"{File.ReadAllText(_authority.CertificateFile)}\n{File.ReadAllText(_other.CertificateFile)}\n");
        var own = Read(_authority.Sign("own"), both);
        Assert.Null(own.WhyNot(Certificate(_authority.Sign("before")), []));
        Assert.Null(own.WhyNot(Certificate(_other.Sign("after")), []));
    }

    [Fact]
    public void What_a_node_cannot_use_stops_its_start_with_one_line_that_names_the_file()
    {
        var (certificate, key) = _authority.Sign("own");
        var (_, keyOfAnother) = _authority.Sign("another");
        var (late, keyOfLate) = _authority.Sign("late", ended: true);
        var open = Copy(key, $"{key}.open", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var noKey = Copy(certificate, $"{certificate}.key", UnixFileMode.UserRead);
        string[] refusals =
        [
            Refusal("/nowhere.pem", key), Refusal(certificate, "/nowhere.key"), Refusal(certificate, key, "/nowhere.pem"),
            Refusal(key, key), Refusal(certificate, noKey), Refusal(certificate, keyOfAnother), Refusal(certificate, key, key),
            Refusal(certificate, key, _other.CertificateFile), Refusal(late, keyOfLate), Refusal(certificate, open),
        ];
        string[] named =
        [
            "certificate = /nowhere.pem", "key = /nowhere.key", "authority = /nowhere.pem",
            $"certificate = {key}", $"certificate = {certificate}", $"certificate = {certificate}", $"authority = {key}",
            $"certificate = {certificate}: the authority in {_other.CertificateFile} would not let this node in", $"certificate = {late}",
            $"key = {open}: every user",
        ];
        Assert.All(refusals.Zip(named), pair =>
        {
            Assert.StartsWith($"faas.cluster.tls.{pair.Second}", pair.First, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', pair.First);
        });
    }

    private ClusterCertificates Read((string Certificate, string Key) own, string? authority = null) =>
        ClusterCertificates.Read(new ClusterTls(own.Certificate, own.Key, authority ?? _authority.CertificateFile));

    private string Refusal(string certificate, string key, string? authority = null) =>
        Assert.Throws<ClusterStartException>(() => Read((certificate, key), authority)).Message;

    private static string Copy(string file, string copy, UnixFileMode mode)
    {
        File.Copy(file, copy);
        File.SetUnixFileMode(copy, mode);
        return copy;
    }

    private static X509Certificate2 Certificate((string Certificate, string Key) files) =>
        X509CertificateLoader.LoadCertificateFromFile(files.Certificate);
}
