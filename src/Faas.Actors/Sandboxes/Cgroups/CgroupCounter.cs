namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// One number that the kernel counts for a cgroup and that never falls. Its value outlives the cgroup's directory when
/// <see cref="Keep"/> is called before the directory is removed. Safe from any thread.
/// </summary>
/// <param name="file">The file in the cgroup's directory.</param>
/// <param name="name">The first word of the line with the number; null: the file holds the number alone.</param>
internal sealed class CgroupCounter(string file, string? name = null)
{
    private readonly Lock _gate = new();
    private readonly CgroupNumber _number = new(file, name);
    private long _seen;
    private bool _kept;

    /// <summary>The highest count read so far, this reading included; 0 where the kernel has no such file.</summary>
    public long Value
    {
        get
        {
            lock (_gate)
            {
                return _kept ? _seen : _seen = Math.Max(_seen, _number.Read());
            }
        }
    }

    /// <summary>Reads the count for the last time; <see cref="Value"/> stays the same from now on.</summary>
    public void Keep()
    {
        lock (_gate)
        {
            _ = Value;
            _kept = true;
            _number.Close();
        }
    }
}
