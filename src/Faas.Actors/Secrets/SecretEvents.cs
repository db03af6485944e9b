namespace Faas.Actors.Secrets;

/// <summary>A secret has a value, perhaps in the place of another, or is encrypted with another key. Persisted.</summary>
public sealed record SecretWritten(StoredSecret Secret);

/// <summary>A secret is deleted. Persisted.</summary>
/// <param name="Name">The secret.</param>
/// <param name="At">When.</param>
public sealed record SecretDeleted(string Name, DateTimeOffset At);
