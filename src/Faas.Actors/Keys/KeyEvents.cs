namespace Faas.Actors.Keys;

/// <summary>A key was made. Persisted.</summary>
public sealed record KeyCreated(StoredKey Key);

/// <summary>A key ends. Persisted.</summary>
/// <param name="Name">The key.</param>
/// <param name="At">When.</param>
public sealed record KeyRevoked(string Name, DateTimeOffset At);
