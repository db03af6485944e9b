using System.Formats.Tar;
using System.Text;
using Faas.Actors.Libraries.Layers;
using Xunit;
using SystemFile = System.IO.File;

namespace Faas.Actors.Tests.Libraries.Layers;

public sealed class LayerStoreTests : IDisposable
{
    private const string Name = "0123";
    private readonly string _folder = Directory.CreateTempSubdirectory("faas-layers-").FullName;
    private readonly LayerLimits _limits = new(MaxFiles: 3, MaxBytes: 1000);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_layer_that_was_added_is_there_for_this_server_and_the_next()
    {
        var digest = await NewStore().AddAsync(Name, Tar(File("alpha/__init__.py", "x = 1\n"), File("alpha/run", "#!", program: true)), default);
        var next = NewStore();
        Assert.True(next.Has(Name, digest));
        Assert.Equal("x = 1\n", await SystemFile.ReadAllTextAsync(Path.Combine(next.FolderOf(Name), "alpha/__init__.py")));
        Assert.True((SystemFile.GetUnixFileMode(Path.Combine(next.FolderOf(Name), "alpha/run")) & UnixFileMode.OtherExecute) != 0);
        Assert.Equal([Name], Directory.EnumerateDirectories(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_same_files_have_the_same_digest_and_other_files_have_another()
    {
        var store = NewStore();
        var one = await store.AddAsync("1", Tar(File("a", "x"), File("b", "y")), default);
        Assert.Equal(one, await store.AddAsync("2", Tar(File("b", "y"), File("a", "x")), default));
        Assert.NotEqual(one, await store.AddAsync("3", Tar(File("a", "x"), File("b", "z")), default));
        Assert.NotEqual(one, await store.AddAsync("4", Tar(File("a", "x"), File("b", "y", program: true)), default));
        Assert.NotEqual(one, await store.AddAsync("5", Tar(File("a", "x"), File("c", "y")), default));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("removed")]
    [InlineData("added")]
    [InlineData("link")]
    public async Task A_damaged_layer_is_not_used_and_can_be_added_again(string damage)
    {
        var digest = await NewStore().AddAsync(Name, Tar(File("a", "x"), File("b", "y")), default);
        var file = Path.Combine(_folder, Name, "a");
        switch (damage)
        {
            case "changed":
                await SystemFile.WriteAllTextAsync(file, "z");
                break;
            case "removed":
                SystemFile.Delete(file);
                break;
            case "added":
                await SystemFile.WriteAllTextAsync(Path.Combine(_folder, Name, "c"), "");
                break;
            default:
                SystemFile.Delete(file);
                SystemFile.CreateSymbolicLink(file, "/etc/passwd");
                break;
        }

        var next = NewStore();
        Assert.False(next.Has(Name, digest));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        Assert.Equal(digest, await next.AddAsync(Name, Tar(File("a", "x"), File("b", "y")), default));
        Assert.True(next.Has(Name, digest));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("/etc/a")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("./a")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused(string name) =>
        Assert.Contains("is no name of a file", await RefusalAsync(Tar(File(name, "x"))));

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.Directory)]
    public async Task Anything_but_a_regular_file_is_refused(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "a");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
        {
            entry.LinkName = "/etc/passwd";
        }

        Assert.Contains("regular files only", await RefusalAsync(Tar(entry)));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a")]
    public async Task Two_files_of_one_name_are_refused(string one, string other) =>
        Assert.Contains("twice", await RefusalAsync(Tar(File(one, "x"), File(other, "y"))));

    [Fact]
    public async Task More_files_or_bytes_than_allowed_are_refused()
    {
        Assert.Contains("3 files", await RefusalAsync(Tar(File("a", ""), File("b", ""), File("c", ""), File("d", ""))));
        Assert.Contains("1000 bytes", await RefusalAsync(Tar(File("a", new string('x', 600)), File("b", new string('x', 600)))));
    }

    [Fact]
    public async Task What_is_no_archive_is_refused() =>
        Assert.Contains("damaged", await RefusalAsync(new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 2000)))));

    [Fact]
    public async Task Layers_that_are_not_needed_and_what_is_unfinished_are_collected()
    {
        var store = NewStore();
        var digest = await store.AddAsync("1", Tar(File("a", "x")), default);
        await store.AddAsync("2", Tar(File("a", "y")), default);
        Directory.CreateDirectory(Path.Combine(_folder, ".new-left"));
        Assert.Equal(["2"], NewStore().Collect(new HashSet<string> { "1", "9" }));
        Assert.Equal(["1"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
        Assert.True(NewStore().Has("1", digest));
    }

    private async Task<string> RefusalAsync(Stream archive)
    {
        var refusal = await Assert.ThrowsAsync<LayerException>(() => NewStore().AddAsync(Name, archive, default));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        return refusal.Message;
    }

    private LayerStore NewStore() => new(_folder, _limits);

    private static PaxTarEntry File(string name, string text, bool program = false) => new(TarEntryType.RegularFile, name)
    {
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
        Mode = program ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100,
    };

    private static MemoryStream Tar(params PaxTarEntry[] entries)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        archive.Position = 0;
        return archive;
    }
}
