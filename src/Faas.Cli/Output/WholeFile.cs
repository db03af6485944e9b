namespace Faas.Cli.Output;

/// <summary>
/// Writes a file whole or not at all: what is cut off must not look whole, nor take the place of an older file. Theory of operation: the
/// bytes go to a file beside it, which gets the name once all of them are on the disk. A device or a pipe is written as it is.
/// </summary>
internal static class WholeFile
{
    /// <summary>Writes it. Throws <see cref="CliException"/> if it cannot be written.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="write">Writes the bytes; an <see cref="IOException"/> of it is one of the file.</param>
    public static async Task WriteAsync(string file, Func<Stream, Task> write)
    {
        try
        {
            if (FileKind.IsSpecial(file))
            {
                await using var device = new FileStream(file, FileMode.Open, FileAccess.Write);
                await write(device);
            }
            else
            {
                // A link stays, and what it leads to is replaced. Of a relative name, .NET 10 finds a target in the root.
                var link = new FileInfo(Path.GetFullPath(file));
                await ReplaceAsync(link.LinkTarget is null ? file : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName, write);
            }
        }
        catch (Exception failed)
            when (failed is (IOException or UnauthorizedAccessException or ArgumentOutOfRangeException) and not HttpIOException)
        {
            throw CliException.NotWritten(file, failed);
        }
    }

    private static async Task ReplaceAsync(string file, Func<Stream, Task> write)
    {
        var part = Path.Combine(Path.GetDirectoryName(file) ?? "", $".{Path.GetRandomFileName()}.part"); // the name may be of full length
        // No buffer, so that what fails fails here. A file that only its owner may read is so from its first byte on.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        UnixFileMode? mode = File.Exists(file) ? File.GetUnixFileMode(file) : null;
        if (mode is { } first)
        {
            options.UnixCreateMode = first;
        }

        var stream = new FileStream(part, options);
        try
        {
            await using (stream)
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
                if (mode is { } last)
                {
                    File.SetUnixFileMode(stream.SafeFileHandle, last); // the umask took bits from the first one
                }
            }

            File.Move(part, file, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
