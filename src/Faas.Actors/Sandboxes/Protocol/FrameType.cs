
namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>The frames of runtimes/PROTOCOL.md; those from a zygote have the high bit set.</summary>
public enum FrameType
{
    /// <summary>Binds the sandbox to a program.</summary>
    Program = 0x01,

    /// <summary>Runs it with an input.</summary>
    Run = 0x02,

    /// <summary>Compiles it.</summary>
    Check = 0x03,

    /// <summary>The runtime is up.</summary>
    Ready = 0x81,

    /// <summary>Bytes of descriptor 1.</summary>
    Stdout = 0x82,

    /// <summary>Bytes of descriptor 2.</summary>
    Stderr = 0x83,

    /// <summary>Bytes of the result message.</summary>
    Result = 0x84,

    /// <summary>The run is over and nothing of it is alive.</summary>
    End = 0x85,
}
