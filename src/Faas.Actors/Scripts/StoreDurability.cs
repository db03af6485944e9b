using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>What an acknowledged upload survives, by what the store says of itself.</summary>
[JsonConverter(typeof(WireNameConverter<StoreDurability>))]
public enum StoreDurability
{
    /// <summary>It is on the disk before it is acknowledged.</summary>
    [JsonStringEnumMemberName("always")]
    Always,

    /// <summary>It is on the disk a second later.</summary>
    [JsonStringEnumMemberName("everysec")]
    EverySecond,

    /// <summary>It is on the disk with the next snapshot of the whole database.</summary>
    [JsonStringEnumMemberName("snapshots")]
    Snapshots,

    /// <summary>It is never on the disk.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The store does not say.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>Tells how safe the store is, and how large.</summary>
public interface IStoreReport
{
    /// <summary>The store's name, for messages.</summary>
    string StoreName { get; }

    /// <summary>Why it takes no writes although it answers; null: it takes them, as far as is known.</summary>
    string? WhyNotWritable => null;

    /// <summary>Asks the store. Throws <see cref="StoreException"/> when it does not answer.</summary>
    Task<StoreDurability> DurabilityAsync(CancellationToken cancellation);

    /// <summary>Asks the store how much it holds. Throws <see cref="StoreException"/> when it does not answer.</summary>
    Task<StoreSize> SizeAsync(CancellationToken cancellation);
}

/// <summary>How much the store holds.</summary>
/// <param name="MemoryBytes">Memory of the whole Redis server, with what others keep in it.</param>
/// <param name="Scripts">Scripts of this server.</param>
public sealed record StoreSize(long MemoryBytes, long Scripts);
