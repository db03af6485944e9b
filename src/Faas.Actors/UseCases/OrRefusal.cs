namespace Faas.Actors.UseCases;

/// <summary>A value, or why there is none.</summary>
/// <param name="Value">The value; null exactly when there is a refusal.</param>
/// <param name="Refusal">Why there is no value; null: there is one.</param>
public readonly record struct OrRefusal<T>(T? Value, Refusal? Refusal)
    where T : class
{
    /// <summary>There is a value.</summary>
    public static implicit operator OrRefusal<T>(T value) => new(value, null);

    /// <summary>There is none.</summary>
    public static implicit operator OrRefusal<T>(Refusal refusal) => new(null, refusal);
}
