namespace Faas.Actors.Egress.Tls;

/// <summary>The authority that signs the proxy's certificates cannot be had. The message is one line for the operator.</summary>
public sealed class AuthorityException(string message) : Exception(message);
