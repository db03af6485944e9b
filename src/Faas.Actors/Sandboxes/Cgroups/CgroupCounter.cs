using System.Buffers.Text;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// One number that the kernel counts for a cgroup and that never falls. What was seen once stays, also when the
/// cgroup's directory is gone: whoever removes that calls <see cref="Keep"/> first.
///
/// Theory of operation: an invocation reads counters at its beginning and at its end, so the file stays open between
/// (pread(2) takes a tenth of the time of open, read and close). An open file does not keep a cgroup from being removed;
/// reading it then fails with ENODEV.
/// </summary>
/// <param name="file">The file in the cgroup's directory.</param>
/// <param name="name">The first word of the line that has the number; null: the file is the number.</param>
internal sealed class CgroupCounter(string file, string? name = null)
{
    private const int LargestFile = 4096;
    private readonly Lock _gate = new();
    private readonly byte[]? _name = name is null ? null : Encoding.ASCII.GetBytes($"{name} ");
    private SafeFileHandle? _file;
    private long _seen;
    private bool _kept;

    /// <summary>The highest count seen, now included; 0 where the kernel has no such file.</summary>
    public long Value
    {
        get
        {
            lock (_gate)
            {
                return _kept ? _seen : _seen = Math.Max(_seen, Read());
            }
        }
    }

    /// <summary>Looks for the last time, before the count goes.</summary>
    public void Keep()
    {
        lock (_gate)
        {
            _ = Value;
            _kept = true;
            _file?.Dispose();
        }
    }

    private long Read()
    {
        try
        {
            _file ??= File.OpenHandle(file);
            Span<byte> text = stackalloc byte[LargestFile];
            return Number(text[..RandomAccess.Read(_file, text, 0)]);
        }
        catch (IOException)
        {
            return 0; // There is none, or its directory has gone before the file was opened or (ENODEV) after.
        }
    }

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
