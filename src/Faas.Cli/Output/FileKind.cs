using System.Runtime.InteropServices;

namespace Faas.Cli.Output;

/// <summary>Tells files apart from devices and pipes, which .NET does not (statx(2)).</summary>
internal static partial class FileKind
{
    private const int WorkingFolder = -100; // AT_FDCWD
    private const uint WantsType = 1; // STATX_TYPE
    private const int ModeOffset = 28; // of stx_mode in struct statx
    private const int TypeBits = 0xf000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG

    /// <summary>Whether a name is that of a device, a pipe or a socket, which is written as it is and never replaced.</summary>
    public static bool IsSpecial(string file)
    {
        var status = new byte[256];
        return Statx(WorkingFolder, file, 0, WantsType, status) == 0
            && (BitConverter.ToUInt16(status, ModeOffset) & TypeBits) != Regular
            && !Directory.Exists(file);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string file, int flags, uint mask, byte[] status);
}
