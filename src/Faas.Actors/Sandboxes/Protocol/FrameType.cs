namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>The types of frames in runtimes/PROTOCOL.md. The frames that a zygote sends have the high bit set.</summary>
public enum FrameType
{
    /// <summary>Binds the sandbox to a program.</summary>
    Program = 0x01,

    /// <summary>Runs the program with an input.</summary>
    Run = 0x02,

    /// <summary>Compiles the program.</summary>
    Check = 0x03,

    /// <summary>No caller waits any more for a run of a concurrent child.</summary>
    Cancel = 0x04,

    /// <summary>The trace of the run whose RUN follows.</summary>
    Trace = 0x05,

    /// <summary>The secrets of the run whose RUN follows.</summary>
    Secrets = 0x06,

    /// <summary>The name of a file of the run whose RUN follows.</summary>
    File = 0x07,

    /// <summary>The next bytes of that file.</summary>
    FileBytes = 0x08,

    /// <summary>The zygote is ready to be bound.</summary>
    Ready = 0x81,

    /// <summary>Bytes that the script wrote to descriptor 1.</summary>
    Stdout = 0x82,

    /// <summary>Bytes that the script wrote to descriptor 2.</summary>
    Stderr = 0x83,

    /// <summary>Bytes of the result message.</summary>
    Result = 0x84,

    /// <summary>The run is over, and no process of it is alive.</summary>
    End = 0x85,

    /// <summary>A run of a concurrent child is over.</summary>
    Done = 0x86,

    /// <summary>A concurrent child has taken note of a CANCEL.</summary>
    Heard = 0x87,

    /// <summary>There is a /tmp/out, so files may come before END.</summary>
    Out = 0x88,

    /// <summary>The name of a file that the run gives back.</summary>
    OutFile = 0x89,

    /// <summary>The next bytes of that file.</summary>
    OutBytes = 0x8a,

    /// <summary>Why the run gives back no files.</summary>
    OutRefused = 0x8b,
}
