using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Faas.Actors.Libraries.Layers;

/// <summary>
/// The digest of all that a layer holds: SHA-256 over the names in order, and for each whether it is a program, and the SHA-256 of its
/// content. Anything else than folders and regular files makes a folder no layer.
/// </summary>
public static class LayerDigest
{
    /// <summary>Lower-case hex. Throws <see cref="LayerException"/> for what is no layer.</summary>
    public static string Of(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var root = new DirectoryInfo(folder);
        var entries = root.EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
        foreach (var entry in entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            switch (entry)
            {
                case { LinkTarget: not null }:
                    throw new LayerException($"'{Path.GetRelativePath(folder, entry.FullName)}' is a link.");
                case FileInfo file:
                    Append(hash, Path.GetRelativePath(folder, file.FullName), file);
                    break;
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string name, FileInfo file)
    {
        var text = Encoding.UTF8.GetBytes(name);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        hash.AppendData(length);
        hash.AppendData(text);
        hash.AppendData([(byte)((file.UnixFileMode & UnixFileMode.UserExecute) == 0 ? 0 : 1)]);
        using var content = file.OpenRead();
        hash.AppendData(SHA256.HashData(content));
    }
}
