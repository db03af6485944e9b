namespace Faas.Actors.Configuration;

/// <summary>The value of a setting, as it was written.</summary>
/// <param name="Texts">The text; of a list, its texts.</param>
/// <param name="IsList">Whether it was written as a list.</param>
/// <param name="Origin">Where it was written, as the end of a sentence; null: it is the shipped default.</param>
public sealed record SettingValue(IReadOnlyList<string> Texts, bool IsList, string? Origin);
