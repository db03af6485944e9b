namespace Faas.Actors.Runs.Output;

/// <summary>One of a script's two output streams.</summary>
public enum OutputStream
{
    /// <summary>Descriptor 1.</summary>
    Stdout,

    /// <summary>Descriptor 2.</summary>
    Stderr,
}
