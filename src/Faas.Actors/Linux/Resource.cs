namespace Faas.Actors.Linux;

/// <summary>What is limited, by the numbers of Linux (include/uapi/asm-generic/resource.h).</summary>
public enum Resource
{
    /// <summary>The size of a core dump, in bytes.</summary>
    CoreBytes = 4,

    /// <summary>Processes and threads of the user.</summary>
    Processes = 6,

    /// <summary>Descriptors open at once.</summary>
    OpenFiles = 7,
}
