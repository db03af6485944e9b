using Faas.Cli.Output;

namespace Faas.Cli.Connection;

/// <summary>A file with a secret, which belongs to its owner alone (mode 0600).</summary>
internal static class OwnFile
{
    /// <summary>Its mode.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>
    /// Its text. Throws <see cref="CliException"/> if others may read or write it. The file that is looked at is the one that is read, even
    /// if its name is given to another file meanwhile.
    /// </summary>
    public static string Read(string file)
    {
        using var stream = File.OpenRead(file);
        if ((File.GetUnixFileMode(stream.SafeFileHandle) & Others) != 0)
        {
            throw new CliException(
                ExitCode.Config, $"{file} holds a secret, and other users may read or write it. Run: chmod 600 {ShellWord.Of(file)}");
        }

        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }

    /// <summary>Makes it, empty. It has no buffer, so that a write sees a full disk, and not the end of the stream.</summary>
    public static FileStream Create(string file, FileMode how) =>
        new(file, new FileStreamOptions { Mode = how, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = Mode });
}
