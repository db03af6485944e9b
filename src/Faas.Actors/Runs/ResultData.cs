namespace Faas.Actors.Runs;

/// <summary>A value on its way to the caller: <c>data</c> and <c>type</c> of the wire.</summary>
/// <param name="Json">The value, always valid UTF-8 JSON; for <see cref="DataType.Text"/> a JSON string.</param>
/// <param name="Type">What <c>type</c> says.</param>
/// <param name="Partial">True when a stream's text was longer than what is kept of it.</param>
public sealed record ResultData(ReadOnlyMemory<byte> Json, DataType Type, bool Partial = false);
