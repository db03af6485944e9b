namespace Faas.Actors.Linux;

/// <summary>
/// Files and folders that every user of the machine can read, which a sandbox's is, and only their owner can write. Their
/// modes are set after they are made: the modes that they are made with, a server's umask would cut.
/// </summary>
internal static class Readable
{
    private const UnixFileMode Reading = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Entering = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder.</summary>
    public static string MakeFolder(string path)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, Reading | Entering);
        return path;
    }

    /// <summary>Writes a file.</summary>
    public static void WriteFile(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, Reading);
    }

    /// <summary>Copies a file; what its owner can execute, everybody can.</summary>
    public static void CopyFile(string source, string copy)
    {
        File.Copy(source, copy);
        File.SetUnixFileMode(copy, File.GetUnixFileMode(source).HasFlag(UnixFileMode.UserExecute) ? Reading | Entering : Reading);
    }

    /// <summary>Copies a folder and all that is in it.</summary>
    public static void CopyFolder(string source, string copy)
    {
        MakeFolder(copy);
        foreach (var folder in Directory.EnumerateDirectories(source))
        {
            CopyFolder(folder, Path.Combine(copy, Path.GetFileName(folder)));
        }

        foreach (var file in Directory.EnumerateFiles(source))
        {
            CopyFile(file, Path.Combine(copy, Path.GetFileName(file)));
        }
    }

    /// <summary>Whether everybody can read the file, or enter and list the folder, once there.</summary>
    public static bool IsOpen(string path) =>
        File.GetUnixFileMode(path).HasFlag(Directory.Exists(path) ? UnixFileMode.OtherRead | UnixFileMode.OtherExecute : UnixFileMode.OtherRead);

    /// <summary>Whether everybody can enter all folders on the way to a path without symbolic links.</summary>
    public static bool IsReachable(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
