using System.Globalization;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>The kernel's count of processes killed for memory in one cgroup. It outlives the cgroup's directory: whoever removes that keeps the count first.</summary>
/// <param name="file">A file of lines <c>name value</c>, one of which is <c>oom_kill</c>.</param>
internal sealed class OomCounter(string file)
{
    private const string Line = "oom_kill ";
    private const long Unknown = -1;
    private long _kept = Unknown;

    /// <summary>The count now, or what was kept.</summary>
    public long Value
    {
        get
        {
            // In this order: a file that is gone by now was kept before it went.
            var counted = Read();
            var kept = Volatile.Read(ref _kept);
            return kept == Unknown ? counted : kept;
        }
    }

    /// <summary>Keeps the count as it is now.</summary>
    public void Keep() => Volatile.Write(ref _kept, Read());

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
