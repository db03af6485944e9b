
namespace Faas.Actors.Linux;

/// <summary>A limit that a process and all that it starts can but lower: the soft one and the hard one alike; where the server itself may have less, that. Source: getrlimit(2).</summary>
/// <param name="Resource">Of what.</param>
/// <param name="Most">How much, in the resource's own unit.</param>
public readonly record struct ResourceLimit(Resource Resource, long Most)
{
    /// <summary>The soft limit of this process; <see cref="long.MaxValue"/> where there is none.</summary>
    public static long Own(Resource resource) => (long)Math.Min(Posix.OwnLimit(resource) ?? long.MaxValue, long.MaxValue);
}
