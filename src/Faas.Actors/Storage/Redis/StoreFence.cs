namespace Faas.Actors.Storage.Redis;

/// <summary>What a write to the store must find, so that a server that may not write any more changes nothing.</summary>
/// <param name="Key">The key: the store's epoch, or in a cluster the lease of a shard.</param>
/// <param name="Value">Its value while this server may write.</param>
public sealed record StoreFence(string Key, string Value);
