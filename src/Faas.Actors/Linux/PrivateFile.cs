using System.Text;

namespace Faas.Actors.Linux;

/// <summary>A file that only its owner can read, with a key in it.</summary>
internal static class PrivateFile
{
    /// <summary>The mode of such a file.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes a file as a whole: a new one is written beside it, made durable, and renamed, so that a crash leaves the one or the other.
    /// Makes its folder if there is none. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="text">ASCII.</param>
    /// <param name="mayOverwrite">Whether the file may be there already.</param>
    public static void Write(string path, string text, bool mayOverwrite)
    {
        var (folder, next) = (Path.GetDirectoryName(path)!, $"{path}.{Path.GetRandomFileName()}.new");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        try
        {
            using (var file = new FileStream(next, how))
            {
                file.Write(Encoding.ASCII.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(next, path, mayOverwrite);
        }
        catch
        {
            File.Delete(next); // it has a key
            throw;
        }

        Posix.SyncFolder(folder);
    }
}
