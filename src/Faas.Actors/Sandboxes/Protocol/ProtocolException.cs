namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>The zygote does not keep to runtimes/PROTOCOL.md. Reading frames throws no other exception.</summary>
public sealed class ProtocolException(string message, Exception? inner = null) : Exception(message, inner);
