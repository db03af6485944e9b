using Faas.Cli.Connection;
using Faas.Cli.Output;

namespace Faas.Cli.Tests.Pure;

public sealed class ConnectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faas-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "faas", "config.json");

    [Fact]
    public void The_file_is_its_owners_alone_and_comes_back_as_it_was()
    {
        new ConfigFile { Server = "https://faas.example.org", Keys = new Dictionary<string, string> { ["https://faas.example.org"] = "secret" } }.Write(File);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal("secret", ConfigFile.Read(File).Keys["https://faas.example.org"]);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_file_that_others_may_read_is_refused(UnixFileMode more)
    {
        new ConfigFile().Write(File);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        var refused = Assert.Throws<CliException>(() => ConfigFile.Read(File));
        Assert.Equal((ExitCode.Config, $"{File} holds a secret, and other users may read or write it. Run: chmod 600 {File}"), (refused.ExitCode, refused.Message));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"sever\": \"http://localhost\"}")]
    public void A_file_that_cannot_be_read_is_refused(string text)
    {
        new ConfigFile().Write(File);
        System.IO.File.WriteAllText(File, text);
        Assert.Equal(ExitCode.Config, Assert.Throws<CliException>(() => ConfigFile.Read(File)).ExitCode);
    }

    [Theory]
    [InlineData("/x", "/home/a", "/x/faas/config.json")]
    [InlineData("relative", "/home/a", "/home/a/.config/faas/config.json")]
    [InlineData(null, "/home/a", "/home/a/.config/faas/config.json")]
    public void The_file_is_where_the_specification_says(string? configHome, string home, string file) =>
        Assert.Equal(file, ConfigFile.PathOf(configHome, home));

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var config = new ConfigFile { Server = "http://c/", Keys = new Dictionary<string, string> { ["http://c"] = "kc", ["http://a"] = "ka" } };
        Assert.Equal(("http://c/", "kc"), Of(null, null, null, config));
        Assert.Equal(("http://b/", null), Of(null, "http://b", null, config));
        Assert.Equal(("http://a/", "ka"), Of("http://a", "http://b", null, config));
        Assert.Equal(("http://a/", "ke"), Of("http://a", "http://b", "ke\n", config));
        Assert.Equal(("http://localhost:8080/", null), Of(null, "", "", new ConfigFile()));
    }

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("ftp://localhost")]
    [InlineData("http://localhost/?a=1")]
    public void What_is_no_URL_of_a_server_is_refused(string text) =>
        Assert.Equal(
            $"--server is \"{text}\"; allowed is an http:// or https:// URL, such as http://localhost:8080.",
            Assert.Throws<CliException>(() => ServerAddress.Parse(text, "--server")).Message);

    private static (string Url, string? Key) Of(string? server, string? variable, string? key, ConfigFile config)
    {
        var address = ServerAddress.Of(
            server,
            null,
            name => name == ServerAddress.ServerVariable ? variable : name == ServerAddress.KeyVariable ? key : null,
            () => config,
            TextReader.Null);
        return (address.Url.ToString(), address.Key);
    }
}
