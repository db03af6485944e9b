using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Runtimes;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

public sealed class LaunchFolderTests : OwnFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Public = Private
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;
    private const string Dead = "2147483647-1";
    private readonly string _parent;

    public LaunchFolderTests()
    {
        File.SetUnixFileMode(Folder, Public);
        _parent = MakeFolder("tmp");
        MakeFile("runtimes/node/zygote.mjs", "node");
        MakeFile("runtimes/python/zygote.py", "python");
        MakeFile("runtimes/python/faas/__init__.py", "package");
        File.SetUnixFileMode(MakeFile("modules/node", "binary"), Public);
    }

    private RuntimeFiles Files => new(Path.Combine(Folder, "runtimes"), Path.Combine(Folder, "modules", "node"), "", "");

    [Fact]
    public void All_that_sandboxes_need_is_there_until_it_is_disposed_of()
    {
        using (var folder = new LaunchFolder(Files, _parent))
        {
            Assert.True(File.Exists(Path.Combine(folder.Etc, "passwd")));
            Assert.True(new FileInfo(folder.Filter).Length > 0);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_parent));
    }

    [Fact]
    public void Sandboxes_users_can_read_it_and_nobody_but_the_server_can_write_it()
    {
        using var folder = new LaunchFolder(Files, _parent);

        Assert.Equal(Public, File.GetUnixFileMode(Assert.Single(Directory.GetDirectories(_parent))));
    }

    [Fact]
    public void What_everybody_can_read_is_used_where_it_is()
    {
        using var folder = new LaunchFolder(Files, _parent);

        Assert.Equal(
            (Path.Combine(Files.Folder, "node"), Path.Combine(Files.Folder, "python"), Files.Node),
            (folder.NodeZygote, folder.PythonZygote, folder.Node));
    }

    [Fact]
    public void What_lies_in_a_private_folder_is_copied_with_all_that_is_in_it()
    {
        File.SetUnixFileMode(Files.Folder, Private);
        File.SetUnixFileMode(Path.GetDirectoryName(Files.Node)!, Private);

        using var folder = new LaunchFolder(Files, _parent);

        Assert.Equal("node", File.ReadAllText(Path.Combine(folder.NodeZygote, "zygote.mjs")));
        Assert.Equal("package", File.ReadAllText(Path.Combine(folder.PythonZygote, "faas", "__init__.py")));
        Assert.Equal("binary", File.ReadAllText(folder.Node));
        Assert.All(
            (string[])[folder.NodeZygote, folder.PythonZygote, Path.Combine(folder.PythonZygote, "faas"), Path.Combine(
                folder.PythonZygote, "zygote.py"), folder.Node],
            AssertOpenToAll);
    }

    [Fact]
    public void A_program_that_is_itself_private_is_copied_and_not_only_named_anew()
    {
        File.SetUnixFileMode(Files.Node, Private);

        using var folder = new LaunchFolder(Files, _parent);

        AssertOpenToAll(folder.Node);
        Assert.True(File.GetUnixFileMode(folder.Node).HasFlag(UnixFileMode.OtherExecute));
        Assert.Equal(Private, File.GetUnixFileMode(Files.Node));
    }

    [Fact]
    public void A_link_does_not_hide_that_a_program_lies_in_a_private_folder()
    {
        File.SetUnixFileMode(Path.GetDirectoryName(Files.Node)!, Private);
        var link = Path.Combine(Folder, "node");
        File.CreateSymbolicLink(link, Files.Node);

        using var folder = new LaunchFolder(Files with { Node = link }, _parent);

        AssertOpenToAll(folder.Node);
        Assert.Null(new FileInfo(folder.Node).LinkTarget);
    }

    [Fact]
    public void A_start_that_fails_leaves_nothing()
    {
        Assert.ThrowsAny<IOException>(() => new LaunchFolder(Files with { Node = Path.Combine(Folder, "missing") }, _parent));

        Assert.Empty(Directory.GetFileSystemEntries(_parent));
    }

    [Fact]
    public void A_program_that_could_not_be_copied_is_copied_when_it_is_asked_for_again()
    {
        var files = Files with { Esbuild = MakeFile("runtimes/node_modules/program", "esbuild") };
        MakeFile(Path.Combine(files.EsbuildLibrary, "main.js"), "library");
        MakeFile(files.Pnpm, "pnpm");
        File.SetUnixFileMode(files.Folder, Private);
        using var folder = new LaunchFolder(files, _parent);
        var own = Path.GetDirectoryName(folder.Filter)!;
        string[] inTheWay = [Path.Combine(own, "esbuild-program", "x"), Path.Combine(own, "pnpm-program", "x")];
        Array.ForEach(inTheWay, path => Directory.CreateDirectory(path));

        Assert.ThrowsAny<SystemException>(() => folder.Esbuild);
        Assert.ThrowsAny<SystemException>(() => folder.Pnpm);
        Array.ForEach(inTheWay, path => Directory.Delete(Path.GetDirectoryName(path)!, true));

        Assert.Equal("esbuild", File.ReadAllText(folder.Esbuild!.Value.Binary));
        Assert.Equal("library", File.ReadAllText(Path.Combine(folder.Esbuild.Value.Library, "main.js")));
        Assert.Equal("pnpm", File.ReadAllText(folder.Pnpm!));
    }

    [Fact]
    public void What_a_dead_server_left_is_removed_and_what_a_living_one_has_is_not()
    {
        MakeFile($"tmp/faas-run-{Dead}-abc/etc/passwd");
        MakeFile("tmp/other/file");
        using var living = new LaunchFolder(Files, _parent);

        using var folder = new LaunchFolder(Files, _parent);

        Assert.False(Directory.Exists(Path.Combine(_parent, $"faas-run-{Dead}-abc")));
        Assert.True(File.Exists(living.Filter));
        Assert.True(File.Exists(folder.Filter));
        Assert.True(File.Exists(Path.Combine(_parent, "other", "file")));
    }

    [Fact]
    public void What_the_runtime_of_a_dead_server_left_for_debuggers_goes_with_its_folder()
    {
        MakeFolder($"tmp/faas-run-{Dead}-abc");
        string[] itsOwn = [MakeFile($"tmp/clr-debug-pipe-{Dead}-in"), MakeFile($"tmp/clr-debug-pipe-{Dead}-out"), MakeFile(
            $"tmp/dotnet-diagnostic-{Dead}-socket")];
        var others = MakeFile($"tmp/dotnet-diagnostic-{Dead}1-socket");

        using var folder = new LaunchFolder(Files, _parent);

        Assert.DoesNotContain(itsOwn, File.Exists);
        Assert.True(File.Exists(others));
    }

    [Fact]
    public void A_link_under_a_dead_servers_name_does_not_lead_to_what_is_behind_it()
    {
        var behind = MakeFile("behind/file");
        Directory.CreateSymbolicLink(Path.Combine(_parent, $"faas-run-{Dead}-abc"), Path.GetDirectoryName(behind)!);

        using var folder = new LaunchFolder(Files, _parent);

        Assert.True(File.Exists(behind));
        Assert.Single(Directory.GetDirectories(_parent));
    }

    [Fact]
    public void A_folder_that_is_there_already_is_never_taken_over()
    {
        Assert.False(Posix.TryMakeFolder(_parent));
        Assert.Throws<IOException>(() => Posix.TryMakeFolder(Path.Combine(Folder, "missing", "folder")));
    }

    private static void AssertOpenToAll(string path)
    {
        Assert.True(Readable.IsOpen(path), path);
        Assert.True(Readable.IsReachable(path), path);
    }
}
