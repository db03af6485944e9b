namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// One number that the kernel counts for a cgroup and that never falls. What was seen once stays, also when the
/// cgroup's directory is gone: whoever removes that calls <see cref="Keep"/> first. Safe from any thread.
/// </summary>
/// <param name="file">The file in the cgroup's directory.</param>
/// <param name="name">The first word of the line that has the number; null: the file is the number.</param>
internal sealed class CgroupCounter(string file, string? name = null)
{
    private readonly Lock _gate = new();
    private readonly CgroupNumber _number = new(file, name);
    private long _seen;
    private bool _kept;

    /// <summary>The highest count seen, now included; 0 where the kernel has no such file.</summary>
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

    /// <summary>Looks for the last time, before the count goes.</summary>
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
