namespace Faas.Actors.Sandboxes.Launch;

/// <summary>
/// What a server lays ready for its sandboxes in a folder of its own under the system's temporary one: the seccomp
/// filter, the synthetic <c>/etc</c>, and copies of runtime files that the sandboxes' users could not read where they are
/// (a checkout under <c>/root</c>, say). Removed at the end; one of a killed server is removed by the next.
/// </summary>
public sealed class LaunchFolder : IDisposable
{
    private const string Prefix = "faas-run-";

    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static int s_count;
    private readonly string _folder;

    /// <summary>Makes the folder and all that is in it. Throws <see cref="SandboxStartException"/> when no filter can be made.</summary>
    public LaunchFolder(RuntimeFiles files)
    {
        RemoveLeftovers();
        _folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"{Prefix}{ServerIdentity.Own}-{Interlocked.Increment(ref s_count)}"), ForAll).FullName;
        Etc = Path.Combine(_folder, "etc");
        SyntheticEtc.Write(Etc);
        Filter = Path.Combine(_folder, "seccomp.bpf");
        SeccompFilter.Write(Filter);
        NodeZygote = ReadableFolder(Path.Combine(files.Folder, "node"));
        PythonZygote = ReadableFolder(Path.Combine(files.Folder, "python"));
        Node = ReadableFile(files.Node);
    }

    /// <summary>The sandboxes' /etc.</summary>
    public string Etc { get; }

    /// <summary>The seccomp filter, a BPF program.</summary>
    public string Filter { get; }

    /// <summary>runtimes/node.</summary>
    public string NodeZygote { get; }

    /// <summary>runtimes/python.</summary>
    public string PythonZygote { get; }

    /// <summary>The node binary.</summary>
    public string Node { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, true);

    private static void RemoveLeftovers()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            var identity = string.Join('-', Path.GetFileName(folder)[Prefix.Length..].Split('-').Take(2));
            if (!ServerIdentity.IsAlive(identity))
            {
                try
                {
                    Directory.Delete(folder, true);
                }
                catch (Exception taken) when (taken is UnauthorizedAccessException or DirectoryNotFoundException)
                {
                    // Another user's, or another server was quicker.
                }
            }
        }
    }

    private string ReadableFolder(string source)
    {
        if (IsReadableForAll(source))
        {
            return source;
        }

        var copy = Path.Combine(_folder, Path.GetFileName(source));
        CopyFolder(source, copy);
        return copy;
    }

    private static void CopyFolder(string source, string copy)
    {
        Directory.CreateDirectory(copy, ForAll);
        foreach (var folder in Directory.EnumerateDirectories(source))
        {
            CopyFolder(folder, Path.Combine(copy, Path.GetFileName(folder)));
        }

        foreach (var file in Directory.EnumerateFiles(source))
        {
            CopyFile(file, Path.Combine(copy, Path.GetFileName(file)));
        }
    }

    private static void CopyFile(string source, string copy)
    {
        File.Copy(source, copy);
        File.SetUnixFileMode(copy, ForAll);
    }

    // node has 120 MB: a second name for the file costs nothing, where the file system allows it.
    private string ReadableFile(string source)
    {
        if (IsReadableForAll(source))
        {
            return source;
        }

        var copy = Path.Combine(_folder, Path.GetFileName(source));
        if (!Posix.TryLink(source, copy))
        {
            CopyFile(source, copy);
        }

        return copy;
    }

    private static bool IsReadableForAll(string path)
    {
        const UnixFileMode reach = UnixFileMode.OtherExecute;
        if (!File.GetUnixFileMode(path).HasFlag(Directory.Exists(path) ? reach | UnixFileMode.OtherRead : UnixFileMode.OtherRead))
        {
            return false;
        }

        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!File.GetUnixFileMode(folder).HasFlag(reach))
            {
                return false;
            }
        }

        return true;
    }
}
