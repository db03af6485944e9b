using System.Text.Json.Serialization;

namespace Faas.Actors.Json;

/// <summary>
/// Writes and reads the values of an enum as their <see cref="WireNames"/>, never as numbers, so that what is stored
/// does not depend on the order of the enum's members. It stands on the enum itself:
/// <c>[JsonConverter(typeof(WireNameConverter&lt;Language&gt;))]</c>.
/// </summary>
public sealed class WireNameConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
