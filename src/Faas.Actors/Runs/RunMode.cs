namespace Faas.Actors.Runs;

/// <summary>What a sandbox does with the code.</summary>
public enum RunMode
{
    /// <summary>Run the script.</summary>
    Execute,

    /// <summary>Compile the script and report syntax errors. No statement of the script runs.</summary>
    Check,
}
