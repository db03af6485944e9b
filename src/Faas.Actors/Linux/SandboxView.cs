namespace Faas.Actors.Linux;

/// <summary>What sandboxes can read of the machine's own folders. No file that a script must not have may be there.</summary>
internal static class SandboxView
{
    // What a sandbox has of the machine's own folders (Sandboxes/Bubblewrap/BubblewrapCommand.cs).
    private static readonly string[] s_folders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    /// <summary>The folder of the machine that has this file and that sandboxes can read; null: there is none.</summary>
    public static string? FolderOf(string path)
    {
        var whole = Path.GetFullPath(path);
        var real = Posix.Resolve(whole) ?? Posix.Resolve(Path.GetDirectoryName(whole)!) ?? whole;
        return Array.Find(s_folders, folder => IsIn(whole, folder) || IsIn(real, folder));
    }

    private static bool IsIn(string file, string folder) =>
        file == folder || file.StartsWith($"{folder}/", StringComparison.Ordinal);
}
