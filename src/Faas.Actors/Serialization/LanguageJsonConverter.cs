using Faas.Actors.Scripts;

namespace Faas.Actors.Serialization;

/// <summary>Languages by their wire names.</summary>
internal sealed class LanguageJsonConverter() : WireNameJsonConverter<Language>(LanguageNames.TryParse, LanguageNames.ToWire, "language", LanguageNames.Allowed);
