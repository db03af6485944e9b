namespace Faas.Actors.Runs;

/// <summary>What a run returns to its caller: <c>data</c> and <c>type</c> on the wire.</summary>
/// <param name="Json">The value as valid JSON in UTF-8. For <see cref="DataType.Text"/> it is a JSON string.</param>
/// <param name="Type">The type of the value.</param>
/// <param name="Partial">Whether only the end of a stream's text was kept.</param>
public sealed record ResultData(ReadOnlyMemory<byte> Json, DataType Type, bool Partial = false);
