namespace Faas.Bench;

/// <summary>Nothing can be measured; the message says why and how to mend it, in one line.</summary>
internal sealed class BenchException(string message, Exception? inner = null) : Exception(message, inner);
