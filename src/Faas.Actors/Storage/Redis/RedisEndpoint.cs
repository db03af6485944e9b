namespace Faas.Actors.Storage.Redis;

/// <summary>Where a Redis server listens, and how to log in.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Password">Empty: none.</param>
/// <param name="Database">Number of the database.</param>
public sealed record RedisEndpoint(string Host, int Port, string Password, int Database)
{
    /// <summary>The user of Redis's ACL; empty: the default one.</summary>
    public string User { get; init; } = "";

    /// <summary>Whether the connection is encrypted, and the server's certificate checked.</summary>
    public bool Tls { get; init; }

    /// <summary>
    /// A configuration string of StackExchange.Redis, which says all of this and more, for Sentinel and Cluster; null: there is none.
    /// </summary>
    public string? Configuration { get; init; }
}
