using System.Formats.Tar;
using System.Text;
using Faas.Actors.Libraries.Layers;
using Microsoft.Extensions.Logging;
using Xunit;
using SystemFile = System.IO.File;

namespace Faas.Actors.Tests.Libraries.Layers;

public sealed class LayerStoreTests : IDisposable
{
    private static readonly string s_name = new('0', 64);
    private readonly string _folder = Directory.CreateTempSubdirectory("faas-layers-").FullName;
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private readonly Written _log = new();
    private readonly LayerLimits _limits = new(MaxFiles: 3, MaxBytes: 1000);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_layer_that_was_added_is_there_for_this_server_and_the_next()
    {
        var store = NewStore();
        Assert.Null(await store.FindAsync(s_name));
        await store.AddAsync(s_name, Tar(File("alpha/__init__.py", "x = 1\n"), File("alpha/run", "#!", program: true)), default);
        var next = NewStore();
        Assert.Null(next.Known(s_name));
        var folder = await next.FindAsync(s_name);
        Assert.Equal((folder, folder), (store.Known(s_name), next.Known(s_name)));
        Assert.Equal("x = 1\n", await SystemFile.ReadAllTextAsync(Path.Combine(folder!, "alpha/__init__.py")));
        Assert.True((SystemFile.GetUnixFileMode(Path.Combine(folder!, "alpha/run")) & UnixFileMode.OtherExecute) != 0);
        Assert.All(["", "alpha"], name => Assert.True(
            (SystemFile.GetUnixFileMode(Path.Combine(folder!, name)) & (UnixFileMode.OtherRead | UnixFileMode.OtherExecute)) != 0));
        Assert.Equal([s_name], Directory.EnumerateDirectories(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_same_files_have_the_same_digest_and_other_files_have_another()
    {
        var one = await DigestAsync(1, File("a", "x"), File("b", "y"));
        Assert.Equal(one, await DigestAsync(2, File("b", "y"), File("a", "x")));
        Assert.NotEqual(one, await DigestAsync(3, File("a", "x"), File("b", "z")));
        Assert.NotEqual(one, await DigestAsync(4, File("a", "x"), File("b", "y", program: true)));
        Assert.NotEqual(one, await DigestAsync(5, File("a", "x"), File("c", "y")));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("removed")]
    [InlineData("added")]
    [InlineData("link")]
    [InlineData("digest")]
    public async Task A_damaged_layer_is_not_used_and_can_be_added_again(string damage)
    {
        await NewStore().AddAsync(s_name, Tar(File("a", "x"), File("b", "y")), default);
        var file = Path.Combine(_folder, s_name, "files", "a");
        switch (damage)
        {
            case "changed":
                await SystemFile.WriteAllTextAsync(file, "z");
                break;
            case "removed":
                SystemFile.Delete(file);
                break;
            case "added":
                await SystemFile.WriteAllTextAsync(Path.Combine(_folder, s_name, "files", "c"), "");
                break;
            case "digest":
                SystemFile.Delete(Path.Combine(_folder, s_name, "digest"));
                break;
            default:
                SystemFile.Delete(file);
                SystemFile.CreateSymbolicLink(file, "/etc/passwd");
                break;
        }

        var next = NewStore();
        Assert.False(next.WasDamaged(s_name));
        Assert.Null(await next.FindAsync(s_name));
        Assert.True(next.WasDamaged(s_name));
        Assert.Contains($"The layer of libraries {Path.Combine(_folder, s_name)} is damaged", Assert.Single(_log.Said), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        await next.AddAsync(s_name, Tar(File("a", "x"), File("b", "y")), default);
        Assert.False(next.WasDamaged(s_name));
        Assert.NotNull(await next.FindAsync(s_name));
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
        Assert.Contains("and folders", await RefusalAsync(Tar(File("a/b/c/d", ""))));
        Assert.Contains("1000 bytes", await RefusalAsync(Tar(File("a", new string('x', 600)), File("b", new string('x', 600)))));
    }

    [Fact]
    public async Task What_is_no_archive_is_refused() =>
        Assert.Contains("damaged", await RefusalAsync(new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 2000)))));

    [Fact]
    public async Task Layers_without_stored_code_and_what_is_unfinished_are_collected_once_they_are_unused()
    {
        var store = NewStore();
        var (needed, released, unused, added) = (Numbered(1), Numbered(2), Numbered(3), Numbered(4));
        foreach (var name in (string[])[needed, released, unused])
        {
            await store.AddAsync(name, Tar(File("a", name)), default);
        }

        store.Need(needed, "stored");
        store.Need(needed, "deleted");
        store.Need(released, "deleted");
        store.Need(Numbered(9), "stored");
        Directory.CreateDirectory(Path.Combine(_folder, $".new-{Guid.NewGuid():N}"));
        string[] notOurs = [".new-left", ".ssh", "photos", new('a', 64)];
        foreach (var other in notOurs)
        {
            Directory.CreateDirectory(Path.Combine(_folder, other));
        }

        var collection = new LayerCollection(store, _time);
        Assert.Empty(await collection.CollectAsync(code => Task.FromResult(code == "stored")));

        _time.Now += LayerCollection.Age + TimeSpan.FromHours(1);
        await store.AddAsync(added, Tar(File("a", "new")), default);
        Assert.NotNull(store.Known(released));
        Assert.Equal([unused], await collection.CollectAsync(code => Task.FromResult(code == "stored")));
        Assert.Equal(
            ((string[])[needed, released, added, .. notOurs]).Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Null(store.Known(unused));
        Assert.Equal(["stored"], store.List().Single(layer => layer.Name == needed).Codes);

        _time.Now += LayerCollection.Age + TimeSpan.FromHours(1);
        await Assert.ThrowsAsync<IOException>(() => collection.CollectAsync(_ => throw new IOException("the store is away")));
        Assert.NotNull(await NewStore().FindAsync(needed));
    }

    [Fact]
    public async Task A_layer_that_another_build_has_added_meanwhile_is_kept_with_its_codes()
    {
        var store = NewStore();
        await store.AddAsync(s_name, Tar(File("a", "x")), default);
        store.Need(s_name, "code");
        await store.AddAsync(s_name, Tar(File("a", "other")), default);
        Assert.Equal("x", await SystemFile.ReadAllTextAsync(Path.Combine((await store.FindAsync(s_name))!, "a")));
        Assert.Equal(["code"], store.List().Single().Codes);
    }

    [Fact]
    public async Task All_layers_together_have_a_limit_and_those_that_no_code_needs_make_room()
    {
        var store = new LayerStore(_folder, _limits with { MaxTotalBytes = 1000 }, _time);
        foreach (var number in (int[])[1, 2, 3])
        {
            await store.AddAsync(Numbered(number), Tar(File("a", new string('x', 300))), default);
            _time.Now += TimeSpan.FromMinutes(10);
        }

        store.Need(Numbered(1), "code");
        await store.AddAsync(Numbered(4), Tar(File("a", new string('x', 300))), default);
        Assert.Equal([Numbered(1), Numbered(3), Numbered(4)], store.List().Select(layer => layer.Name).Order(StringComparer.Ordinal));

        store.Need(Numbered(3), "code");
        var refusal = await Assert.ThrowsAsync<LayerException>(
            () => store.AddAsync(Numbered(5), Tar(File("a", new string('x', 600))), default));
        Assert.Contains("faas.libraries.max-total", refusal.Message);
        Assert.Equal(3, store.List().Count);
    }

    [Fact]
    public async Task A_header_that_announces_a_huge_description_is_refused_before_memory_is_taken_for_it()
    {
        var header = Tar(new PaxTarEntry(TarEntryType.RegularFile, new string('n', 300))).ToArray()[..512];
        Encoding.ASCII.GetBytes("17777777777\0").CopyTo(header, 124);
        Assert.Contains("describes another entry", await RefusalAsync(new MemoryStream(header)));
    }

    private async Task<string> RefusalAsync(Stream archive)
    {
        var refusal = await Assert.ThrowsAsync<LayerException>(() => NewStore().AddAsync(s_name, archive, default));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        return refusal.Message;
    }

    private static string Numbered(int number) => number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string> DigestAsync(int number, params PaxTarEntry[] files)
    {
        var name = Numbered(number);
        var store = NewStore();
        await store.AddAsync(name, Tar(files), default);
        return LayerDigest.Of((await store.FindAsync(name))!);
    }

    private LayerStore NewStore() => new(_folder, _limits, _time, _log);

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

    private sealed class Written : ILogger<LayerStore>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add(formatter(state, exception));
    }
}
