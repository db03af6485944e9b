using System.Runtime.InteropServices;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Runtimes;

/// <summary>The paths of the runtimes' programs on this machine.</summary>
/// <param name="Folder">The folder runtimes, with the zygotes in <c>node/</c> and <c>python/</c>.</param>
/// <param name="Node">The node binary.</param>
/// <param name="Esbuild">The esbuild binary.</param>
/// <param name="Python">The Python interpreter.</param>
public sealed record RuntimeFiles(string Folder, string Node, string Esbuild, string Python)
{
    private const string Marker = "PROTOCOL.md";

    /// <summary>The folder with esbuild's library for node, of the same version as the binary; perhaps it is not there.</summary>
    public string EsbuildLibrary => Path.Combine(Folder, "node_modules", "esbuild", "lib");

    /// <summary>The pnpm binary; perhaps it is not there.</summary>
    public string Pnpm => Path.Combine(Folder, "node_modules", "@pnpm", $"exe.linux-{Arch}", "pnpm");

    private static string Arch => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";

    /// <summary>
    /// Finds the programs: where a setting says so, or in the folder runtimes beside the server. Throws
    /// <see cref="SandboxStartException"/>, which names what is missing and how to get it.
    /// </summary>
    public static RuntimeFiles Find(SandboxOptions options)
    {
        var folder = options.RuntimesDir.Length > 0 ? Path.GetFullPath(options.RuntimesDir) : SearchUpward();
        if (folder is null || !File.Exists(Path.Combine(folder, Marker)))
        {
            throw new SandboxStartException(folder is null
                ? "The runtimes folder was not found above the server; set faas.sandbox.runtimes-dir."
                : $"faas.sandbox.runtimes-dir = \"{folder}\" is not the runtimes folder: it has no {Marker}.");
        }

        var modules = Path.Combine(folder, "node_modules");
        return new RuntimeFiles(
            folder,
            Binary(options.Node, "faas.sandbox.node", Path.Combine(modules, $"node-linux-{Arch}", "bin", "node")),
            Binary(options.Esbuild, "faas.sandbox.esbuild", Path.Combine(modules, "@esbuild", $"linux-{Arch}", "bin", "esbuild")),
            Interpreter(options.Python));
    }

    // Sandboxes see /usr of the host and little else, so the interpreter is named by its path there, without symbolic links.
    private static string Interpreter(string setting)
    {
        const string key = "faas.sandbox.python";
        var python = Posix.Resolve(setting);
        if (!File.Exists(python))
        {
            throw new SandboxStartException($"{key} = \"{setting}\": there is no such file.");
        }

        return python.StartsWith("/usr/", StringComparison.Ordinal)
            ? python
            : throw new SandboxStartException(
                $"{key} = \"{setting}\" is {python}, which sandboxes do not see: they see only what lies under /usr.");
    }

    private static string Binary(string setting, string key, string otherwise)
    {
        if (setting.Length > 0)
        {
            return File.Exists(setting)
                ? Path.GetFullPath(setting)
                : throw new SandboxStartException($"{key} = \"{setting}\": there is no such file.");
        }

        return File.Exists(otherwise)
            ? otherwise
            : throw new SandboxStartException($"{otherwise} is missing; run `npm ci` in the runtimes folder, or set {key}.");
    }

    private static string? SearchUpward()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "runtimes");
            if (File.Exists(Path.Combine(candidate, Marker)))
            {
                return candidate;
            }
        }

        return null;
    }
}
