using System.Formats.Tar;
using System.IO.Compression;
using CsCheck;
using Faas.Actors.Scripts.Trees;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Trees;

public sealed class PackedTreeTests
{
    private static readonly string[] s_forms = ["zip", "tar", "tar.gz"];
    private static readonly (string Name, byte[] Content)[] s_files = [("main.js", "return 1"u8.ToArray()), ("lib/ü.bin", [0, 255])];

    public static TheoryData<string> Forms => [.. s_forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_files_come_out_as_they_went_in(string form)
    {
        var files = PackedTree.Read(Packed(form, s_files), 10, 1000);

        Assert.Equal(s_files.Select(file => file.Name), files.Select(file => file.Name));
        Assert.Equal(s_files.Select(file => file.Content), files.Select(file => file.Content.ToArray()));
    }

    [Fact]
    public void Folders_the_dot_in_front_and_what_git_writes_are_passed_over()
    {
        var packed = Tar(tar =>
        {
            tar.WriteEntry(new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "0a1b" }));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "./"));
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "./main.py") { DataStream = new MemoryStream([49]) });
        });

        Assert.Equal("main.py", Assert.Single(PackedTree.Read(packed, 1, 1)).Name);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    [InlineData(TarEntryType.Fifo)]
    public void Links_and_devices_are_refused_by_name(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "evil");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
        {
            entry.LinkName = "/etc/passwd";
        }

        Assert.StartsWith("\"evil\" is neither a file nor a folder", Refused(Tar(tar => tar.WriteEntry(entry))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_symbolic_link_in_a_zip_is_refused()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("evil").ExternalAttributes = unchecked((int)0xa1ff0000);
        }

        Assert.StartsWith("\"evil\" is neither a file nor a folder", Refused(bytes.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\..\\x")]
    public void Names_that_lead_out_are_refused(string name)
    {
        foreach (var form in s_forms)
        {
            Assert.Contains("the name ", Refused(Packed(form, (name, [1]))), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_bomb_is_refused_while_it_is_unpacked(string form)
    {
        var bomb = Packed(form, ("zeros.txt", new byte[1 << 20]));
        var refusal = Assert.Throws<PackedTreeException>(() => PackedTree.Read(bomb, 10, 1000));

        Assert.True(refusal.IsTooLarge);
        Assert.StartsWith("Its files have more than 1000 bytes, up to \"zeros.txt\"", refusal.Message, StringComparison.Ordinal);
        Assert.True(Assert.Throws<PackedTreeException>(() => PackedTree.Read(Packed(form, s_files), 1, 1000)).IsTooLarge);
    }

    [Fact]
    public void A_bomb_of_folders_is_refused_while_it_is_unpacked()
    {
        var bomb = Tar(tar =>
        {
            for (var folder = 0; folder < 1000; folder++)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, $"{folder}/"));
            }
        });
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bomb);
        }

        Assert.True(Assert.Throws<PackedTreeException>(() => PackedTree.Read(packed.ToArray(), 10, 1000)).IsTooLarge);
    }

    [Fact]
    public void Damaged_bytes_are_read_or_refused_and_never_more_is_read_than_allowed()
    {
        var whole = s_forms.Select(form => Packed(form, s_files)).ToArray();
        Gen.Select(Gen.Int[0, 2], Gen.Select(Gen.Int[0, 5000], Gen.Byte).Array[1, 8], Gen.Int[0, 5000]).Sample((which, changes, cut) =>
        {
            var bytes = (byte[])whole[which].Clone();
            foreach (var (at, value) in changes)
            {
                bytes[at % bytes.Length] = value;
            }

            try
            {
                var files = PackedTree.Read(bytes[..Math.Max(1, bytes.Length - (cut % bytes.Length))], 2, 10);
                Assert.InRange(files.Sum(file => file.Content.Length), 0, 10);
                Assert.All(files, file => Assert.Null(SourceName.Check(file.Name)));
            }
            catch (PackedTreeException)
            {
                // It is damaged.
            }
        });
    }

    [Fact]
    public void Other_bytes_are_no_archive() =>
        Assert.Equal("It is neither a zip nor a tar nor a tar.gz.", Refused([.. Enumerable.Repeat((byte)'x', 600)]));

    private static string Refused(byte[] packed) => Assert.Throws<PackedTreeException>(() => PackedTree.Read(packed, 10, 1000)).Message;

    private static byte[] Packed(string form, params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        if (form == "zip")
        {
            using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var (name, content) in files)
                {
                    using var entry = zip.CreateEntry(name).Open();
                    entry.Write(content);
                }
            }

            return bytes.ToArray();
        }

        var tar = Tar(writer =>
        {
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        });
        if (form == "tar")
        {
            return tar;
        }

        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        return bytes.ToArray();
    }

    private static byte[] Tar(Action<TarWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            write(tar);
        }

        return bytes.ToArray();
    }
}
