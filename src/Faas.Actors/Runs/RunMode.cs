
namespace Faas.Actors.Runs;

/// <summary>What a sandbox does with the code.</summary>
public enum RunMode
{
    /// <summary>Run the script.</summary>
    Execute,

    /// <summary>Compile it and report syntax errors; no statement of it runs.</summary>
    Check,
}
