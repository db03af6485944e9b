
namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>A sandbox is dead.</summary>
/// <param name="ExitCode">bubblewrap's exit status; 137 after a kill.</param>
/// <param name="Stderr">The last 4 KiB of what bubblewrap and the runtime wrote to stderr.</param>
public sealed record SandboxExit(int ExitCode, string Stderr);
