using System.Diagnostics.CodeAnalysis;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>Something that this machine may not offer: the value, or the reason why there is none.</summary>
internal sealed record Attempt<T>
    where T : class
{
    private Attempt(T? value, string why) => (Value, Why) = (value, why);

    /// <summary>The value; null when there is none.</summary>
    public T? Value { get; }

    /// <summary>Why there is no value, in one line without a full stop; empty when there is one.</summary>
    public string Why { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;

    /// <summary>There is a value.</summary>
    public static Attempt<T> Success(T value) => new(value, "");

    /// <summary>There is none.</summary>
    public static Attempt<T> Failure(string why) => new(null, why);
}
