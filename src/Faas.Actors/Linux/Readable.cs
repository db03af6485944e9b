namespace Faas.Actors.Linux;

/// <summary>
/// Makes files and folders that every user of the machine can read, as the user of a sandbox must, and that only their owner can
/// write. A mode that is given at creation would lose the bits of the server's umask, so each mode is set afterwards.
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

    /// <summary>Copies a file. If the owner of the source can execute it, every user can execute the copy.</summary>
    public static void CopyFile(string source, string copy)
    {
        File.Copy(source, copy);
        File.SetUnixFileMode(copy, File.GetUnixFileMode(source).HasFlag(UnixFileMode.UserExecute) ? Reading | Entering : Reading);
    }

    /// <summary>Copies a folder with everything in it.</summary>
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

    /// <summary>Whether every user can read the file, or enter and list the folder, apart from the folders on the way to it.</summary>
    public static bool IsOpen(string path)
    {
        var needed = Directory.Exists(path) ? UnixFileMode.OtherRead | UnixFileMode.OtherExecute : UnixFileMode.OtherRead;
        return File.GetUnixFileMode(path).HasFlag(needed);
    }

    /// <summary>Whether every user can enter all folders on the way to a path. The path must not have symbolic links.</summary>
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
