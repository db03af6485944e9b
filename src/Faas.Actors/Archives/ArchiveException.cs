namespace Faas.Actors.Archives;

/// <summary>What is read is no archive, or a damaged one; the message says why in one sentence, and names the line.</summary>
public sealed class ArchiveException(string message) : Exception(message);
