using System.Globalization;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>The kernel's count of processes killed for memory in one cgroup. The kernel's count never falls, so what was seen once stays, also when the cgroup's directory is gone: whoever removes that looks first.</summary>
/// <param name="file">A file of lines <c>name value</c>, one of which is <c>oom_kill</c>.</param>
internal sealed class OomCounter(string file)
{
    private const string Line = "oom_kill ";
    private readonly Lock _gate = new();
    private long _seen;

    /// <summary>The highest count seen, now included.</summary>
    public long Value
    {
        get
        {
            lock (_gate)
            {
                return _seen = Math.Max(_seen, Read());
            }
        }
    }

    /// <summary>Looks once more, before the count goes.</summary>
    public void Keep() => _ = Value;

    private long Read()
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(Line.Length), NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // The sandbox has ended and its directory with it, before the file was opened or (ENODEV) after.
        }
    }
}
