using System.Buffers.Text;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// One number in a file of a cgroup's directory.
///
/// Theory of operation: each run reads numbers when it begins and when it ends, so the file stays open in between: pread(2)
/// takes a tenth of the time of open, read and close. An open file does not keep the kernel from removing the cgroup; reading
/// the file then fails with ENODEV.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="name">The first word of the line with the number; null: the file holds the number alone.</param>
internal sealed class CgroupNumber(string file, string? name = null)
{
    private const int LargestFile = 4096;
    private readonly byte[]? _name = name is null ? null : Encoding.ASCII.GetBytes($"{name} ");
    private SafeFileHandle? _file;

    /// <summary>The number now; 0 where the kernel has no such file, or no longer.</summary>
    public long Read()
    {
        try
        {
            _file ??= File.OpenHandle(file);
            Span<byte> text = stackalloc byte[LargestFile];
            return Number(text[..RandomAccess.Read(_file, text, 0)]);
        }
        catch (IOException)
        {
            return 0; // The kernel has no such file, or the directory went before the file was opened or (ENODEV) after that.
        }
    }

    /// <summary>Reads a number once and keeps no file open.</summary>
    public static long ReadOnce(string file, string? name = null)
    {
        var number = new CgroupNumber(file, name);
        var now = number.Read();
        number.Close();
        return now;
    }

    /// <summary>Closes the file. The number is not read again.</summary>
    public void Close() => _file?.Dispose();

    private long Number(ReadOnlySpan<byte> text)
    {
        foreach (var line in text.Split((byte)'\n'))
        {
            var rest = text[line];
            if (_name is null || rest.StartsWith(_name))
            {
                return Utf8Parser.TryParse(rest[(_name?.Length ?? 0)..], out long number, out _) ? number : 0;
            }
        }

        return 0;
    }
}
