using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Invocations;

namespace Faas.Actors.Serialization;

/// <summary>Languages by their wire names, so that stored events do not depend on the order of an enum.</summary>
internal sealed class LanguageJsonConverter : JsonConverter<Language>
{
    public override Language Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LanguageNames.TryParse(reader.GetString(), out var language)
            ? language
            : throw new JsonException($"\"{reader.GetString()}\" is no language; allowed is {LanguageNames.Allowed}.");

    public override void Write(Utf8JsonWriter writer, Language value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToWire());
}
