namespace Faas.Actors.Storage.Redis;

/// <summary>What a write to the store must find, so that a server whose store has another owner by now changes nothing.</summary>
/// <param name="Key">The key of the store's epoch.</param>
/// <param name="Epoch">The epoch that this server owns.</param>
public sealed record StoreFence(string Key, long Epoch);
