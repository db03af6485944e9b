using Faas.Actors.Runs;

namespace Faas.Http.Wire;

/// <summary>The wire's <c>type</c>.</summary>
public static class DataTypeNames
{
    /// <summary>The wire name, as UTF-8.</summary>
    public static ReadOnlySpan<byte> ToWire(this DataType type) => type switch
    {
        DataType.String => "string"u8,
        DataType.Number => "number"u8,
        DataType.Json => "json"u8,
        DataType.Text => "text"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The type of a valid JSON value, by its first byte.</summary>
    public static DataType Of(ReadOnlySpan<byte> json) => json[0] switch
    {
        (byte)'"' => DataType.String,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => DataType.Number,
        _ => DataType.Json,
    };
}
