namespace Faas.Actors.Secrets;

/// <summary>The keys that encrypt secrets cannot be had.</summary>
/// <param name="message">One sentence for an operator; it names the file.</param>
public sealed class SecretKeyException(string message) : Exception(message);
