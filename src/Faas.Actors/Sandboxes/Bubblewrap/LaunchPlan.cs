using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>Everything that the launch line of one sandbox depends on.</summary>
public sealed record LaunchPlan
{
    private static readonly string[] s_rootNames = ["bin", "lib", "lib32", "lib64", "libx32", "sbin"];

    /// <summary>The runtime in the sandbox.</summary>
    public required Runtime Runtime { get; init; }

    /// <summary>The bwrap program.</summary>
    public required string Bubblewrap { get; init; }

    /// <summary>Whether bwrap has <c>--size</c> (from 0.7 on).</summary>
    public bool HasSize { get; init; } = true;

    /// <summary>Whether bwrap has <c>--disable-userns</c> (from 0.8 on).</summary>
    public bool HasDisableUserns { get; init; } = true;

    /// <summary>The host user that the sandbox runs as; null: the server's own user, which is not root.</summary>
    public required long? Uid { get; init; }

    /// <summary>The cgroup.procs files into which the sandbox writes its pid.</summary>
    public required IReadOnlyList<string> ProcsFiles { get; init; }

    /// <summary>The command in front that brings the rest of the line under the limits.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>The file with the seccomp filter.</summary>
    public required string Filter { get; init; }

    /// <summary>The folder that becomes /etc.</summary>
    public required string Etc { get; init; }

    /// <summary>The folder of the runtime's zygote.</summary>
    public required string Zygote { get; init; }

    /// <summary>The node binary.</summary>
    public required string Node { get; init; }

    /// <summary>The folders of the host that hold the image's libraries.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>The modules that the runtime loads before it is ready.</summary>
    public IReadOnlyList<string> Preload { get; init; } = [];

    /// <summary>The Python interpreter, which must lie under /usr.</summary>
    public required string Python { get; init; }

    /// <summary>Those of the host's /bin, /lib and so on that are symbolic links into /usr.</summary>
    public required IReadOnlyList<(string Path, string Target)> UsrLinks { get; init; }

    /// <summary>Those of the host's /bin, /lib and so on that are folders.</summary>
    public required IReadOnlyList<string> RootFolders { get; init; }

    /// <summary>The limit on the sandbox's memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The size of /tmp.</summary>
    public required long TmpBytes { get; init; }

    /// <summary>
    /// The limit on processes and threads that the kernel keeps for the host user: the most that any version may have. The cgroup has the
    /// limit of the sandbox.
    /// </summary>
    public required int Pids { get; init; }

    /// <summary>Further files and folders that the sandbox sees, read-only: the path on the host, and that inside.</summary>
    public IReadOnlyList<(string Source, string Inside)> Further { get; init; } = [];

    /// <summary>
    /// The plan that all sandboxes of a server have in common: node, as the server's own user, without a cgroup. The launcher
    /// replaces these three for each sandbox.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="files">The programs of the runtimes.</param>
    /// <param name="version">The version of the bwrap program.</param>
    /// <param name="folder">The prepared files.</param>
    public static LaunchPlan Of(SandboxOptions options, RuntimeFiles files, BubblewrapVersion version, LaunchFolder folder)
    {
        var links = s_rootNames
            .Select(name => new DirectoryInfo($"/{name}"))
            .Where(root => root.Exists)
            .ToLookup(root => root.LinkTarget is not null);
        return new LaunchPlan
        {
            Runtime = Runtime.Node,
            Bubblewrap = options.Bubblewrap,
            HasSize = version.HasSize,
            HasDisableUserns = version.HasDisableUserns,
            Uid = null,
            ProcsFiles = [],
            Filter = folder.Filter,
            Etc = folder.Etc,
            Zygote = folder.NodeZygote,
            Node = folder.Node,
            Python = files.Python,
            UsrLinks = [.. links[true].Select(root => (root.FullName, root.LinkTarget!))],
            RootFolders = [.. links[false].Select(root => root.FullName)],
            MemoryBytes = options.MemoryBytes,
            TmpBytes = options.TmpBytes,
            Pids = options.MostPids,
        };
    }
}
