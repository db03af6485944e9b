using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Invocations;

namespace Faas.Actors.Serialization;

/// <summary>Isolations by their wire names, so that stored events do not depend on the order of an enum.</summary>
internal sealed class IsolationJsonConverter : JsonConverter<Isolation>
{
    public override Isolation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IsolationNames.TryParse(reader.GetString(), out var isolation)
            ? isolation
            : throw new JsonException($"\"{reader.GetString()}\" is no isolation; allowed is {IsolationNames.Allowed}.");

    public override void Write(Utf8JsonWriter writer, Isolation value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToWire());
}
