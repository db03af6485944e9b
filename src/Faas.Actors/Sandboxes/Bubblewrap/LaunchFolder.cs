using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Sandboxes.Seccomp;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The folder, under the system's temporary one, in which a server prepares files for its sandboxes: the seccomp filter, the
/// synthetic <c>/etc</c>, and copies of those runtime files that the sandboxes' users cannot read in their place (because the
/// checkout is under <c>/root</c>, for example). The server removes the folder when it stops. The next server removes the
/// folder of one that was killed.
/// </summary>
public sealed class LaunchFolder : IDisposable
{
    private const string Prefix = "faas-run-";
    private readonly string _folder;
    private readonly MadeOnce<(string, string)?> _esbuild;
    private readonly MadeOnce<string?> _pnpm;

    internal LaunchFolder(RuntimeFiles files, string parent, string? authority = null)
    {
        RemoveLeftovers(parent);
        _esbuild = new MadeOnce<(string, string)?>(() => Directory.Exists(files.EsbuildLibrary)
            ? (ReadableFile(files.Esbuild, "esbuild-program"), ReadableFolder(files.EsbuildLibrary))
            : null);
        _pnpm = new MadeOnce<string?>(() => File.Exists(files.Pnpm) ? ReadableFile(files.Pnpm, "pnpm-program") : null);
        _folder = MakeOwn(parent);
        try
        {
            Etc = Path.Combine(_folder, "etc");
            SyntheticEtc.Write(Etc, authority);
            Filter = Path.Combine(_folder, "seccomp.bpf");
            SeccompFilter.Write(Filter);
            MotherFilter = Path.Combine(_folder, "mother.bpf");
            Seccomp.MotherFilter.Write(MotherFilter);
            NodeZygote = ReadableFolder(Path.Combine(files.Folder, "node"));
            PythonZygote = ReadableFolder(Path.Combine(files.Folder, "python"));
            Node = ReadableFile(files.Node, "node-program"); // "node" is the zygote's folder
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes the folder and everything in it, or leaves nothing behind. Throws <see cref="SandboxStartException"/> when the filter
    /// cannot be made.
    /// </summary>
    /// <param name="files">The files of the runtimes.</param>
    /// <param name="authority">The certificate of the proxy's authority, in PEM; null: it has none.</param>
    public static LaunchFolder Make(RuntimeFiles files, string? authority) => new(files, Path.GetTempPath(), authority);

    /// <summary>The folder that becomes /etc in sandboxes.</summary>
    public string Etc { get; }

    /// <summary>The file with the seccomp filter, a BPF program.</summary>
    public string Filter { get; }

    /// <summary>The file with the seccomp filter of mothers.</summary>
    public string MotherFilter { get; }

    /// <summary>The folder runtimes/node, or a copy of it that every user can read.</summary>
    public string NodeZygote { get; }

    /// <summary>The folder runtimes/python, or a copy of it that every user can read.</summary>
    public string PythonZygote { get; }

    /// <summary>The node binary, or a link or copy of it that every user can read.</summary>
    public string Node { get; }

    /// <summary>
    /// The esbuild binary and the folder of its library, or copies that every user can read, which are made when they are first asked for,
    /// and again if that fails. Null: the library is not there.
    /// </summary>
    public (string Binary, string Library)? Esbuild => _esbuild.Value;

    /// <summary>
    /// The pnpm binary, or a copy that every user can read, which is made when it is first asked for, and again if that fails. Null: it
    /// is not there.
    /// </summary>
    public string? Pnpm => _pnpm.Value;

    /// <summary>The path of the folder where the children of a mother call on the server. The folder is not made.</summary>
    /// <param name="mother">The mother's name.</param>
    public string MeetingPlace(string mother) => Path.Combine(_folder, mother);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process, such as a cleaner of the temporary folder, has removed it.
        }
    }

    // Every user can write the parent folder. So the name is random, and a folder that exists already is never taken over.
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
                    // The folder belongs to another user, or another server has removed it first.
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
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, true); // what is left of an attempt that failed
        }

        Readable.CopyFolder(source, copy);
        return copy;
    }

    // node has 120 MB. Where the file system allows it, a hard link saves the copy.
    private string ReadableFile(string path, string name)
    {
        var source = Posix.Resolve(path) ?? path;
        if (Readable.IsOpen(source) && Readable.IsReachable(source))
        {
            return source;
        }

        var copy = Path.Combine(_folder, name);
        File.Delete(copy); // what is left of an attempt that failed
        if (!Readable.IsOpen(source) || !Posix.TryLink(source, copy))
        {
            Readable.CopyFile(source, copy);
        }

        return copy;
    }
}
