namespace Faas.Actors.Storage.Redis;

/// <summary>The disk under a Redis server of our own.</summary>
public interface IStoreDisk
{
    /// <summary>What is wrong as long as what could not be written has no room: <c>the disk of … is full</c>; null: nothing is.</summary>
    string? WhyFull();

    /// <summary>
    /// The same after a call has failed. Where there is little room, it waits a moment for what the server says of its last write.
    /// </summary>
    Task<string?> WhyFullAfterFailureAsync();
}
