using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Sandboxes.Seccomp;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// What a server lays ready for its sandboxes in a folder of its own under the system's temporary one: the seccomp
/// filter, the synthetic <c>/etc</c>, and copies of runtime files that the sandboxes' users could not read where they are
/// (a checkout under <c>/root</c>, say). Removed at the end; one of a killed server is removed by the next.
/// </summary>
public sealed class LaunchFolder : IDisposable
{
    private const string Prefix = "faas-run-";
    private readonly string _folder;

    /// <summary>Makes the folder and all that is in it, or nothing. Throws <see cref="SandboxStartException"/> when no filter can be made.</summary>
    public LaunchFolder(RuntimeFiles files)
        : this(files, Path.GetTempPath())
    {
    }

    internal LaunchFolder(RuntimeFiles files, string parent)
    {
        RemoveLeftovers(parent);
        _folder = MakeOwn(parent);
        try
        {
            Etc = Path.Combine(_folder, "etc");
            SyntheticEtc.Write(Etc);
            Filter = Path.Combine(_folder, "seccomp.bpf");
            SeccompFilter.Write(Filter);
            NodeZygote = ReadableFolder(Path.Combine(files.Folder, "node"));
            PythonZygote = ReadableFolder(Path.Combine(files.Folder, "python"));
            Node = ReadableFile(files.Node);
        }
        catch
        {
            Dispose();
            throw;
        }
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
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has tidied up before.
        }
    }

    // Made under a name that nobody could foresee, and not taken over when it is there already: the parent is everybody's.
    private static string MakeOwn(string parent)
    {
        string folder;
        do
        {
            folder = Path.Combine(parent, $"{Prefix}{ServerIdentity.Own}-{Path.GetRandomFileName()}");
        }
        while (!Posix.TryMakeFolder(folder));
        return Readable.MakeFolder(folder);
    }

    private static void RemoveLeftovers(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, $"{Prefix}*"))
        {
            var identity = string.Join('-', Path.GetFileName(folder)[Prefix.Length..].Split('-').Take(2));
            if (!ServerIdentity.IsAlive(identity))
            {
                try
                {
                    DiagnosticFiles.RemoveOf(parent, identity);
                    Directory.Delete(folder, true);
                }
                catch (Exception taken) when (taken is UnauthorizedAccessException or IOException)
                {
                    // Another user's, or another server was quicker.
                }
            }
        }
    }

    private string ReadableFolder(string path)
    {
        var source = Posix.Resolve(path) ?? path;
        if (Readable.IsOpen(source) && Readable.IsReachable(source))
        {
            return source;
        }

        var copy = Path.Combine(_folder, Path.GetFileName(source));
        Readable.CopyFolder(source, copy);
        return copy;
    }

    // node has 120 MB: a second name for the file costs nothing, where the file system allows it.
    private string ReadableFile(string path)
    {
        var source = Posix.Resolve(path) ?? path;
        if (Readable.IsOpen(source) && Readable.IsReachable(source))
        {
            return source;
        }

        var copy = Path.Combine(_folder, "node-program"); // "node" is the zygote's folder
        if (!Readable.IsOpen(source) || !Posix.TryLink(source, copy))
        {
            Readable.CopyFile(source, copy);
        }

        return copy;
    }
}
