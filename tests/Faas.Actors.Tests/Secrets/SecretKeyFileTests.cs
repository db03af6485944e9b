using System.Text;
using Faas.Actors.Secrets;
using Xunit;

namespace Faas.Actors.Tests.Secrets;

public sealed class SecretKeyFileTests : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-keys-");

    private string File => Path.Combine(_folder, "data", "secrets.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_key_is_made_for_the_owner_alone_and_is_the_same_after_a_start()
    {
        var made = new SecretKeyFile(File).Newest(mayCreate: true);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(["secrets.key"], Directory.GetFiles(Path.GetDirectoryName(File)!).Select(Path.GetFileName));
        Assert.Equal(made.Id, new SecretKeyFile(File).Newest(mayCreate: false).Id);
        Assert.Equal(made.Id, new SecretKeyFile(File).Newest(mayCreate: true).Id);
    }

    [Fact]
    public void A_value_comes_back_under_its_name_and_key_alone()
    {
        var (key, other) = (SecretKey.Create(), SecretKey.Create());
        var box = key.Seal("TOKEN", "wért"u8);

        Assert.Equal("wért", Encoding.UTF8.GetString(key.Open("TOKEN", box)!));
        Assert.Null(key.Open("OTHER", box));
        Assert.Null(other.Open("TOKEN", box));
        Assert.NotEqual(box, key.Seal("TOKEN", "wért"u8));
        var bytes = Convert.FromBase64String(box);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            Assert.Null(key.Open("TOKEN", Convert.ToBase64String(bytes)));
            bytes[at] ^= 1;
        }

        Assert.Null(key.Open("TOKEN", "AAAA"));
        Assert.Null(key.Open("TOKEN", "no base64!"));
        Assert.Matches("^[0-9a-f]{16}$", key.Id);
    }

    [Fact]
    public void A_new_key_encrypts_and_the_older_ones_go_on_to_decrypt()
    {
        var file = new SecretKeyFile(File);
        var first = file.Newest(mayCreate: true);
        var second = file.AddKey();

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(second.Id, file.Newest(mayCreate: false).Id);
        Assert.Equal([second.Id, first.Id], new SecretKeyFile(File).Reread().Select(key => key.Id));
        Assert.Equal(first.Id, file.Find(first.Id)!.Id);
        Assert.Null(file.Find("0000000000000000"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void A_key_that_an_operator_puts_back_is_found_without_a_start()
    {
        var file = new SecretKeyFile(File);
        var lost = file.Newest(mayCreate: true);
        var text = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, SecretKey.Create().ToLine());
        file.Reread();
        Assert.Null(file.Find(lost.Id));

        System.IO.File.WriteAllText(File, text);

        Assert.Equal(lost.Id, file.Find(lost.Id)!.Id);
    }

    [Theory]
    [InlineData("", "has no key")]
    [InlineData("# only words\n\n", "has no key")]
    [InlineData("c2hvcnQ=\n", "line 1: this is no key of 32 bytes in base64")]
    [InlineData("# words\nnot base64!\n", "line 2: this is no key of 32 bytes in base64")]
    public void A_file_that_is_none_is_told_without_what_is_in_it(string text, string why)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text);

        var refused = Assert.Throws<SecretKeyException>(() => new SecretKeyFile(File).Newest(mayCreate: true));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not base64", refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_file_that_is_missing_is_told_and_not_made_where_there_are_secrets()
    {
        var refused = Assert.Throws<SecretKeyException>(() => new SecretKeyFile(File).Newest(mayCreate: false));

        Assert.Equal($"The key file {File} is missing.", refused.Message);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void A_file_where_sandboxes_read_is_refused_also_behind_a_link()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), "/usr/share");
        foreach (var file in (string[])["/usr/share/faas-test.key", Path.Combine(_folder, "link", "faas-test.key")])
        {
            var refused = Assert.Throws<SecretKeyException>(() => new SecretKeyFile(file).Newest(mayCreate: true));
            Assert.Contains("/usr, which sandboxes can read", refused.Message, StringComparison.Ordinal);
            Assert.False(System.IO.File.Exists(file));
        }
    }

    [Fact]
    public void A_folder_that_is_none_is_told()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "data"), "a file");

        var refused = Assert.Throws<SecretKeyException>(() => new SecretKeyFile(File).Newest(mayCreate: true));

        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
    }
}
