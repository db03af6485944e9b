namespace Faas.Actors.Storage.Redis;

/// <summary>The store cannot be used from the start; the message says why and how to mend it, in one line.</summary>
public sealed class StoreStartException(string message, Exception? inner = null) : Exception(message, inner);
