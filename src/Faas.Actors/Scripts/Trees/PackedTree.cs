using System.Formats.Tar;
using System.IO.Compression;

namespace Faas.Actors.Scripts.Trees;

/// <summary>
/// The files of a tree that is packed as a zip, a tar or a tar.gz.
/// <para>
/// Theory of operation. The first bytes say what it is. A file that is packed small may be large (a zip bomb), so files and bytes are
/// counted while they are unpacked, and nothing is read beyond the limits; of a tar.gz, also what lies between the files is counted. The
/// headers of a tar are checked before they are believed (<see cref="TarHeaderStream"/>).
/// Nothing is written anywhere. Folders are passed over, since the names of files have them. What is neither file nor folder (a symbolic
/// or hard link, a device) is refused, as is a name that no source file can have.
/// </para>
/// </summary>
public static class PackedTree
{
    private const int UnixTypeBits = 0xf000, UnixFile = 0x8000, UnixFolder = 0x4000;

    // What a tar may have for each file beside its content: its header, those of long names and times, and the rest of a block.
    private const int TarBytesForFile = 8 << 10;

    private static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b];

    private static ReadOnlySpan<byte> Zip => "PK"u8;

    private static ReadOnlySpan<byte> Ustar => "ustar"u8;

    /// <summary>Unpacks it. Throws <see cref="PackedTreeException"/>.</summary>
    /// <param name="packed">The whole archive.</param>
    /// <param name="maxFiles">The most files.</param>
    /// <param name="maxBytes">The most bytes of all files together.</param>
    public static IReadOnlyList<SourceFile> Read(byte[] packed, int maxFiles, int maxBytes)
    {
        var files = new UnpackedFiles(maxFiles, maxBytes);
        using var stream = new MemoryStream(packed, writable: false);
        try
        {
            if (packed.AsSpan().StartsWith(Zip))
            {
                ReadZip(stream, files);
            }
            else if (packed.AsSpan().StartsWith(Gzip))
            {
                using var tar = new GZipStream(stream, CompressionMode.Decompress);
                ReadTar(new BoundedStream(tar, maxBytes + ((maxFiles + 1L) * TarBytesForFile)), files);
            }
            else if (packed.Length > 262 && packed.AsSpan(257).StartsWith(Ustar))
            {
                ReadTar(stream, files);
            }
            else
            {
                throw new PackedTreeException("It is neither a zip nor a tar nor a tar.gz.");
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or FormatException or ArgumentException
            or NotSupportedException or OverflowException or InvalidOperationException)
        {
            throw new PackedTreeException($"It is damaged or of an unknown form: {damaged.Message}", inner: damaged);
        }

        return files.All;
    }

    private static void ReadTar(Stream stream, UnpackedFiles files)
    {
        using var tar = new TarReader(new TarHeaderStream(stream), leaveOpen: true);
        while (tar.GetNextEntry() is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    files.Add(NameOf(entry.Name), entry.DataStream ?? Stream.Null);
                    break;
                case TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw new PackedTreeException(
                        $"{SourceTree.Shown(entry.Name)} is neither a file nor a folder; links and devices are not allowed.");
            }
        }
    }

    private static void ReadZip(Stream stream, UnpackedFiles files)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            var type = (entry.ExternalAttributes >> 16) & UnixTypeBits;
            if (type is not (0 or UnixFile or UnixFolder))
            {
                throw new PackedTreeException(
                    $"{SourceTree.Shown(entry.FullName)} is neither a file nor a folder; links and devices are not allowed.");
            }

            if (entry.IsEncrypted)
            {
                throw new PackedTreeException($"{SourceTree.Shown(entry.FullName)} is encrypted.");
            }

            if (type != UnixFolder && !entry.FullName.EndsWith('/'))
            {
                using var content = entry.Open();
                files.Add(NameOf(entry.FullName), content);
            }
        }
    }

    // `tar -c .` writes ./main.js.
    private static string NameOf(string name) => name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
}
