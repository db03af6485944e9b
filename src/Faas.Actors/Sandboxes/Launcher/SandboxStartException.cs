namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>A sandbox cannot be started. The message says in one line why, and how to mend it.</summary>
public sealed class SandboxStartException(string message, Exception? inner = null) : Exception(message, inner);
