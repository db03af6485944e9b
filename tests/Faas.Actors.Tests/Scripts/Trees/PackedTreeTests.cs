using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
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

    public static TheoryData<char, byte[]> LargeDescriptions
    {
        get
        {
            byte[] base256 = [0x80, .. new byte[6], 0x7f, 0xff, 0xff, 0xff, 0xff];
            byte[][] sizes = ["17777777000\0"u8.ToArray(), "77777777777\0"u8.ToArray(), base256];
            var all = new TheoryData<char, byte[]>();
            foreach (var size in sizes)
            {
                all.Add('x', size);
                all.Add('g', size);
                all.Add('L', size);
                all.Add('K', size);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(LargeDescriptions))]
    public void A_header_that_claims_a_large_description_is_refused_before_memory_is_taken(char type, byte[] size)
    {
        var header = Header("large", type, size);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.StartsWith($"It has an entry of type {type} with ", Refused(header), StringComparison.Ordinal);
        Assert.StartsWith($"It has an entry of type {type} with ", Refused(Gzipped(header)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
    }

    [Fact]
    public void No_other_size_hides_a_header()
    {
        byte[] attribute = [.. "13 size=1024\n"u8, .. new byte[499]];
        var hiding = Header("a", 'x', "00000000015\0"u8).Concat(attribute).Concat(Header("main.js", '0', "00000000000\0"u8)).ToArray();

        Assert.StartsWith("It has an extended attribute \"size\"", Refused(hiding), StringComparison.Ordinal);
        Assert.StartsWith("It is damaged: a folder has 8 bytes", Refused(Header("a/", '5', "00000000010\0"u8)), StringComparison.Ordinal);
        Assert.StartsWith("It is damaged", Refused(Header("a", '0', "00000000009\0"u8)), StringComparison.Ordinal);
        Assert.StartsWith("It is damaged", Refused(Header("a", '0', [0xff, .. new byte[11]])), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_are_read()
    {
        var name = string.Join('/', Enumerable.Repeat(new string('n', 200), 2));
        var type = TarEntryType.RegularFile;
        foreach (var entry in (TarEntry[])[new PaxTarEntry(type, name), new GnuTarEntry(type, name)])
        {
            entry.DataStream = new MemoryStream("1"u8.ToArray());
            Assert.Equal(name, Assert.Single(PackedTree.Read(Tar(tar => tar.WriteEntry(entry)), 1, 1)).Name);
        }
    }

    // A header alone, as ustar has it (POSIX.1-2017, pax).
    private static byte[] Header(string name, char type, ReadOnlySpan<byte> size)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        "0000644\0"u8.CopyTo(header.AsSpan(100));
        size.CopyTo(header.AsSpan(124));
        "00000000000\0        "u8.CopyTo(header.AsSpan(136));
        header[156] = (byte)type;
        "ustar\u000000"u8.CopyTo(header.AsSpan(257));
        Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(one => one), 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
        return header;
    }

    private static byte[] Gzipped(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
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
