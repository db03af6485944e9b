
namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>A sandbox could not be started; the message says why and how to mend it, in one line.</summary>
public sealed class SandboxStartException(string message, Exception? inner = null) : Exception(message, inner);
