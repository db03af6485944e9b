using Faas.Actors.Scripts;

namespace Faas.Actors.Serialization;

/// <summary>Isolations by their wire names.</summary>
internal sealed class IsolationJsonConverter() : WireNameJsonConverter<Isolation>(IsolationNames.TryParse, IsolationNames.ToWire, "isolation", IsolationNames.Allowed);
