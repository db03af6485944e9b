
namespace Faas.Actors.Scripts;

/// <summary>What a run shares with earlier ones of the same version.</summary>
public enum Isolation
{
    /// <summary>Nothing: a sandbox of its own, destroyed afterwards.</summary>
    Sandbox,

    /// <summary>The walls; always a fresh process.</summary>
    Process,

    /// <summary>The process: its globals, modules and files stay from call to call.</summary>
    Shared,
}
