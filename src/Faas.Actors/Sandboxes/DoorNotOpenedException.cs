namespace Faas.Actors.Sandboxes;

/// <summary>The server cannot listen in a sandbox for its version's requests to hosts. The message says so in one line.</summary>
internal sealed class DoorNotOpenedException(Exception cause)
    : Exception($"the proxy cannot listen in it, so its script would reach no host: {cause.Message}", cause);
