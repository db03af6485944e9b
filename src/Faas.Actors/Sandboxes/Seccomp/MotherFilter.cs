using Faas.Actors.Sandboxes.Launcher;
using static Faas.Actors.Sandboxes.Seccomp.FilterFile;
using static Faas.Actors.Sandboxes.Seccomp.LibSeccomp;

namespace Faas.Actors.Sandboxes.Seccomp;

/// <summary>
/// The system calls that a mother may make: nearly all, because she runs no line of a script, and her children build walls. The filter of
/// sandboxes (<see cref="SeccompFilter"/>) comes on top of this one in each child, and the stricter of the two holds for each call.
/// </summary>
public static class MotherFilter
{
    private const int Enosys = 38;

    // node would keep a ring open, and a ring is shared with every child that is forked. The others are of no use without the first.
    private static readonly string[] s_rings = ["io_uring_setup", "io_uring_enter", "io_uring_register"];

    /// <summary>
    /// Writes the filter for this machine's architecture. Throws <see cref="SandboxStartException"/> when libseccomp is missing or refuses
    /// a rule.
    /// </summary>
    public static void Write(string path) => FilterFile.Write(path, Allow, AddRules);

    private static void AddRules(nint filter)
    {
        Array.ForEach(s_rings, name => Add(filter, Errno(Enosys), name));
        Add(filter, Errno(0), "madvise", SeccompFilter.IsDontFork);
    }
}
