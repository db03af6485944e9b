
namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>The peer does not speak runtimes/PROTOCOL.md. The only exception that reading frames throws.</summary>
public sealed class ProtocolException(string message, Exception? inner = null) : Exception(message, inner);
