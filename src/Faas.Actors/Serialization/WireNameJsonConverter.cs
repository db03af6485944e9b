using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faas.Actors.Serialization;

/// <summary>Values by their wire names, so that stored events do not depend on the order of an enum.</summary>
/// <param name="tryParse">Reads a wire name.</param>
/// <param name="toWire">The wire name of a value.</param>
/// <param name="what">What the values are, for error messages.</param>
/// <param name="allowed">The allowed names, for error messages.</param>
internal abstract class WireNameJsonConverter<T>(WireNameJsonConverter<T>.Parser tryParse, Func<T, string> toWire, string what, string allowed) : JsonConverter<T>
{
    public delegate bool Parser(string? name, out T value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        tryParse(reader.GetString(), out var value)
            ? value
            : throw new JsonException($"\"{reader.GetString()}\" is no {what}; allowed is {allowed}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(toWire(value));
}
