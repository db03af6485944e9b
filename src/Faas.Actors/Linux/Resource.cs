namespace Faas.Actors.Linux;

/// <summary>A resource that Linux can limit. The values are Linux's own (include/uapi/asm-generic/resource.h).</summary>
public enum Resource
{
    /// <summary>The size of a file that a process writes or lengthens, in bytes.</summary>
    FileBytes = 1,

    /// <summary>The size of a core dump, in bytes.</summary>
    CoreBytes = 4,

    /// <summary>The number of processes and threads of the user.</summary>
    Processes = 6,

    /// <summary>One more than the highest number that a descriptor may have.</summary>
    OpenFiles = 7,
}
