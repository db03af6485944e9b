namespace Faas.Actors.Scripts;

/// <summary>
/// The store refused a call, or did not answer it; the message says in one line what is wrong. A write that was not
/// answered in time may still have happened.
/// </summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
