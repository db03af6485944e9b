using System.Formats.Tar;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Libraries.Layers;

/// <summary>
/// Unpacks the archive of a layer into a folder.
/// <para>
/// Theory of operation. A sandbox has written the archive, so it may be hostile. Only regular files with checked names are taken, and each
/// must be new. So nothing that is unpacked is a link, and no name leads out of the folder. What is written is counted before it is
/// written. Every user may read it, as the sandboxes' users must.
/// </para>
/// </summary>
public static class LayerArchive
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Unpacks it. Throws <see cref="LayerException"/>; the folder may then hold a part.</summary>
    /// <param name="archive">The archive, a tar.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="limits">What it may hold.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The bytes of its files.</returns>
    public static async Task<long> UnpackAsync(Stream archive, string folder, LayerLimits limits, CancellationToken cancellation)
    {
        var (files, bytes) = (0, 0L);
        var names = new LayerNames();
        File.SetUnixFileMode(folder, Readable | Execute);
        try
        {
            await using var reader = new TarReader(new TarHeaderStream(archive), leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                var name = LayerFileName.Checked(entry.Name);
                names.Add(name);
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                {
                    throw new LayerException($"'{name}' is a {entry.EntryType}; a layer has regular files only.");
                }

                bytes += entry.Length;
                files += 1 + MakeFolders(folder, name);
                limits.Check(files, bytes);
                await WriteAsync(entry, Path.Combine(folder, name), cancellation);
            }

            return bytes;
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or EndOfStreamException or PackedTreeException)
        {
            throw new LayerException($"The archive of the layer is damaged: {error.Message}", error);
        }
    }

    // A layer never writes to a file of another one: the folder is new, and so is the file.
    private static async Task WriteAsync(TarEntry entry, string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
        if (entry.DataStream is { } content)
        {
            await content.CopyToAsync(file, cancellation);
        }

        File.SetUnixFileMode(file.SafeFileHandle, (entry.Mode & UnixFileMode.UserExecute) == 0 ? Readable : Readable | Execute);
    }

    // How many are new. They are open to every user, also where the server's umask forbids that.
    private static int MakeFolders(string folder, string name)
    {
        var made = 0;
        for (var end = name.IndexOf('/'); end >= 0; end = name.IndexOf('/', end + 1))
        {
            var path = Path.Combine(folder, name[..end]);
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path);
                File.SetUnixFileMode(path, Readable | Execute);
                made++;
            }
        }

        return made;
    }
}
