using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>Layers of libraries that the server shows in a sandbox.</summary>
[Collection(nameof(LauncherUnderTest))]
public abstract class AttachTests(LaunchMode launch)
{
    private const string Counted = "import os, time\npid, at = os.getpid(), time.monotonic()\n";

    private const int BeforeTheZygoteImports = 4; // orders that follow each other

    private const string Attempts = """
        import ctypes, errno, mine, os, subprocess
        libc = ctypes.CDLL(None, use_errno=True)
        def told(answer): return 'done' if answer != -1 else errno.errorcode[ctypes.get_errno()]
        def no(attempt):
            try:
                attempt()
                return 'done'
            except OSError as error:
                return errno.errorcode[error.errno]
        MS_REMOUNT_BIND, MNT_DETACH, CLONE_NEWNS, CLONE_NEWUSER = 4096 | 32, 2, 0x20000, 0x10000000
        return {
            'found': mine.__file__,
            'flags': os.statvfs('/libraries').f_flag & 7,
            'write': [no(lambda: open('/libraries/new', 'w')), no(lambda: open('/libraries/mine.py', 'a')),
                no(lambda: os.unlink('/libraries/mine.py')), no(lambda: os.chmod('/libraries/mine.py', 0o777))],
            'mount': [told(libc.mount(None, b'/libraries', None, MS_REMOUNT_BIND, None)), told(libc.umount2(b'/libraries', 0)),
                told(libc.umount2(b'/libraries', MNT_DETACH)), told(libc.syscall(429, -100, b'/libraries', -100, b'/tmp', 0)),
                told(libc.unshare(CLONE_NEWNS)), told(libc.unshare(CLONE_NEWUSER | CLONE_NEWNS))],
            'setuid': subprocess.run(['/libraries/identity', '-u'], capture_output=True, text=True).stdout,
        }
        """;

    [Fact]
    public async Task Only_its_sandbox_sees_a_layer_and_can_neither_change_nor_remove_it_nor_gain_rights_by_it()
    {
        using var layer = new LayerOnDisk(("mine.py", "")) { Identity = true };
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var one = await launcher.StartAsync();
        var other = await launcher.StartAsync();
        await AttachAsync(one, layer);

        Assert.All(Directory.GetDirectories("/proc/self/task"), thread => Assert.Equal(WhereIs("/proc/self"), WhereIs(thread)));
        Assert.DoesNotContain(" /libraries ", await File.ReadAllTextAsync("/proc/self/mountinfo"), StringComparison.Ordinal);

        var data = await one.ReturnAsync(Attempts);
        Assert.Equal("/libraries/mine.py", data.GetProperty("found").GetString());
        Assert.Equal(7, data.GetProperty("flags").GetInt32()); // ST_RDONLY, ST_NOSUID, ST_NODEV
        Assert.Equal(["EROFS", "EROFS", "EROFS", "EROFS"], data.GetProperty("write").EnumerateArray().Select(end => end.GetString()));
        Assert.All(data.GetProperty("mount").EnumerateArray(), end => Assert.Equal("EPERM", end.GetString()));
        Assert.Equal("1000\n", data.GetProperty("setuid").GetString());
        Assert.Empty((await other.ReturnAsync("import os\nreturn os.listdir('/libraries')")).EnumerateArray());
    }

    [Fact]
    public async Task What_cannot_be_attached_is_told_and_harms_no_other_sandbox()
    {
        using var layer = new LayerOnDisk(("mine.py", "value = 1"));
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        var gone = await launcher.StartAsync();
        gone.Process.Kill();
        await gone.Process.Exited;

        var missing = await Assert.ThrowsAsync<IOException>(() => sandbox.Process.AttachAsync("/does/not/exist"));
        Assert.Contains("/does/not/exist", missing.Message, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => gone.Process.AttachAsync(layer.Folder));

        await AttachAsync(sandbox, layer);
        Assert.Equal(1, (await sandbox.ReturnAsync("import mine\nreturn mine.value")).GetInt32());
    }

    [Theory]
    [InlineData(Isolation.Sandbox, true)]
    [InlineData(Isolation.Process, true)]
    [InlineData(Isolation.Process, false)]
    [InlineData(Isolation.Shared, false)]
    public async Task Its_modules_are_imported_at_each_isolation_and_once_for_all_runs_where_it_is_trusted(
        Isolation isolation, bool isTrusted)
    {
        using var layer = new LayerOnDisk(("mine.py", Counted));
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        sandbox.Isolation = isolation;
        await AttachAsync(sandbox, layer, isTrusted);
        var runs = new List<(int Pid, int Own, double At)>
        {
            Of(await sandbox.RunAsync("import mine, os\nreturn [mine.pid, os.getpid(), mine.at]")),
        };
        while (isolation != Isolation.Sandbox && runs.Count < BeforeTheZygoteImports + 2)
        {
            runs.Add(Of(await sandbox.RunAgainAsync()));
        }

        var last = runs.TakeLast(2).ToList();
        var isOfZygote = isTrusted && isolation == Isolation.Process;
        Assert.All(last, run => Assert.Equal(isOfZygote ? 1 : run.Own, run.Pid));
        Assert.Equal(isolation == Isolation.Process && !isTrusted ? 2 : 1, last.Select(run => run.At).Distinct().Count());
    }

    private static string WhereIs(string thread) =>
        string.Join(' ', ((string[])["ns/mnt", "root", "cwd"]).Select(link => new FileInfo($"{thread}/{link}").LinkTarget));

    private static (int Pid, int Own, double At) Of(Ran ran) =>
        (ran.Data[0].GetInt32(), ran.Data[1].GetInt32(), ran.Data[2].GetDouble());

    private static async Task AttachAsync(SandboxUnderTest sandbox, LayerOnDisk layer, bool isTrusted = true)
    {
        sandbox.Layer = new LayerMount(layer.Folder, isTrusted);
        await sandbox.Process.AttachAsync(layer.Folder);
    }

    /// <summary>A layer that is made by hand. By the modes of its files, every user may write it.</summary>
    private sealed class LayerOnDisk : IDisposable
    {
        private const UnixFileMode OpenToAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

        public LayerOnDisk(params (string Name, string Text)[] files)
        {
            File.SetUnixFileMode(Folder, OpenToAll);
            foreach (var (name, text) in files)
            {
                var path = Path.Combine(Folder, name);
                File.WriteAllText(path, text);
                File.SetUnixFileMode(path, OpenToAll);
            }
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("faas-layer-").FullName;

        /// <summary>Whether it has a program that would be root's.</summary>
        public bool Identity
        {
            init
            {
                var path = Path.Combine(Folder, "identity");
                File.Copy("/usr/bin/id", path);
                File.SetUnixFileMode(path, OpenToAll | UnixFileMode.SetUser);
            }
        }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
