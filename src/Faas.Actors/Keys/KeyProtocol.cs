namespace Faas.Actors.Keys;

/// <summary>A message to the keys' actor, which replies to each with one <see cref="IKeyReply"/>.</summary>
public interface IKeyRequest;

/// <summary>A reply of the keys' actor.</summary>
public interface IKeyReply;

/// <summary>Asks whether the keys have been read from the store. The reply is <see cref="KeysKnown"/>.</summary>
public sealed record GetKeys : IKeyRequest
{
    /// <summary>The only instance.</summary>
    public static GetKeys Instance { get; } = new();
}

/// <summary>The keys have been read; <see cref="LiveKeys"/> has them.</summary>
public sealed record KeysKnown : IKeyReply
{
    /// <summary>The only instance.</summary>
    public static KeysKnown Instance { get; } = new();
}

/// <summary>Makes a key. The reply is <see cref="KeyStored"/> once it is durable, or <see cref="KeyNotCreated"/>.</summary>
public sealed record CreateKey(StoredKey Key) : IKeyRequest;

/// <summary>The key is durable and in force.</summary>
public sealed record KeyStored : IKeyReply
{
    /// <summary>The only instance.</summary>
    public static KeyStored Instance { get; } = new();
}

/// <summary>The key was not made.</summary>
/// <param name="Why">One sentence for a person.</param>
public sealed record KeyNotCreated(string Why) : IKeyReply;

/// <summary>Ends a key. The reply is <see cref="KeyEnded"/> once that is durable, or <see cref="KeyUnknown"/>.</summary>
/// <param name="Name">The key.</param>
/// <param name="At">Now, by the caller's clock.</param>
public sealed record RevokeKey(string Name, DateTimeOffset At) : IKeyRequest;

/// <summary>The key is in force no longer.</summary>
public sealed record KeyEnded : IKeyReply
{
    /// <summary>The only instance.</summary>
    public static KeyEnded Instance { get; } = new();
}

/// <summary>There is no such key.</summary>
public sealed record KeyUnknown : IKeyReply
{
    /// <summary>The only instance.</summary>
    public static KeyUnknown Instance { get; } = new();
}

/// <summary>The store did not acknowledge the change; whether it is stored is not known.</summary>
/// <param name="Detail">One sentence for a person.</param>
public sealed record KeyStoreFailed(string Detail) : IKeyReply;
