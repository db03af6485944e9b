namespace Faas.Actors.Linux;

/// <summary>
/// A limit for a process and for the processes that it starts, which can lower the limit and never raise it: the soft and the hard
/// limit are the same. Where the server's own limit is lower, that one holds. Source: getrlimit(2).
/// </summary>
/// <param name="Resource">The resource.</param>
/// <param name="Most">The most that is allowed, in the resource's own unit.</param>
public readonly record struct ResourceLimit(Resource Resource, long Most)
{
    /// <summary>The soft limit of this process; <see cref="long.MaxValue"/> where it has none.</summary>
    public static long Own(Resource resource) => (long)Math.Min(Posix.OwnLimit(resource) ?? long.MaxValue, long.MaxValue);
}
