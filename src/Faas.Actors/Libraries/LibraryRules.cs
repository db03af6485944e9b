namespace Faas.Actors.Libraries;

/// <summary>Which libraries scripts may have, by <c>faas.libraries.allow</c> and <c>faas.libraries.deny</c>.</summary>
/// <param name="Allow">A library must match one of these.</param>
/// <param name="Deny">A library must match none of these, whatever allows it.</param>
public sealed record LibraryRules(IReadOnlyList<NamePattern> Allow, IReadOnlyList<NamePattern> Deny)
{
    /// <summary>Every library, as a lock of stored code has it: what was permitted when its versions were chosen.</summary>
    public static LibraryRules Every { get; } = new([NamePattern.Parse("*")!], []);

    /// <summary>Why the library is refused; null: it is not.</summary>
    public string? Refuses(LibraryName name)
    {
        if (Deny.FirstOrDefault(pattern => pattern.Matches(name)) is { } denied)
        {
            return $"The library '{name}' is refused by '{denied}' in faas.libraries.deny.";
        }

        return Allow.Any(pattern => pattern.Matches(name))
            ? null
            : $"The library '{name}' is not in faas.libraries.allow ({string.Join(", ", Allow)}).";
    }
}
