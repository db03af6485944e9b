namespace Faas.Actors.Callbacks;

/// <summary>The host of a callback may not be connected to. The message is one sentence.</summary>
internal sealed class CallbackRefusedException(string message) : IOException(message);
