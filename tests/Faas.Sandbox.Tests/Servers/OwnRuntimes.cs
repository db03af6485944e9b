using System.Runtime.InteropServices;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>A copy of the runtimes and of the programs that a sandbox is made with, which a test may break as it likes.</summary>
public sealed class OwnRuntimes : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private OwnRuntimes(string folder) => Folder = folder;

    /// <summary>The copy of `runtimes`, which every user can read.</summary>
    public string Folder { get; }

    /// <summary>Its node.</summary>
    public string Node => Path.Combine(Folder, "node-program");

    /// <summary>Its bubblewrap.</summary>
    public string Bubblewrap => Path.Combine(Folder, "bwrap");

    /// <summary>What makes a server use them, for each sandbox anew.</summary>
    public string Settings =>
        $"faas.sandbox {{ launch = exec, runtimes-dir = \"{Folder}\", node = \"{Node}\", bubblewrap = \"{Bubblewrap}\", esbuild = \"{Program("@esbuild/linux", "esbuild")}\" }}";

    /// <summary>Makes one.</summary>
    public static OwnRuntimes Make()
    {
        var own = new OwnRuntimes(TestFolder.Create("faas-runtimes-"));
        File.SetUnixFileMode(own.Folder, Open);
        File.Copy(Repository.File("runtimes/PROTOCOL.md"), Path.Combine(own.Folder, "PROTOCOL.md"));
        Copy(Repository.File("runtimes/node"), Path.Combine(own.Folder, "node"));
        Copy(Repository.File("runtimes/python"), Path.Combine(own.Folder, "python"));
        Copy(Program("node-linux", "node"), own.Node);
        Copy(OnPath("bwrap"), own.Bubblewrap);
        return own;
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Folder, true);

    private static void Copy(string from, string to) => HostProgram.Run("cp", "-rL", from, to);

    private static string Program(string package, string name) =>
        Repository.File($"runtimes/node_modules/{package}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}/bin/{name}");

    private static string OnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
