namespace Faas.Actors.Invocations;

/// <summary>A value on its way to the caller: <c>data</c> and <c>type</c> of the wire.</summary>
/// <param name="Json">The value, always valid UTF-8 JSON; for <see cref="DataType.Text"/> a JSON string.</param>
/// <param name="Type">What <c>type</c> says.</param>
/// <param name="Partial">True when a stream's text was longer than what is kept of it.</param>
public sealed record ResultData(ReadOnlyMemory<byte> Json, DataType Type, bool Partial = false);

/// <summary>The wire's <c>type</c>.</summary>
public enum DataType
{
    /// <summary>A JSON string.</summary>
    String,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>An object, an array, a boolean or null.</summary>
    Json,

    /// <summary>What could not be parsed as JSON.</summary>
    Text,
}
