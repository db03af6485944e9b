namespace Faas.Actors.Sandboxes;

/// <summary>A sandbox cannot be shown the libraries of its version. The message says so in one line.</summary>
internal sealed class LayerNotAttachedException(Exception cause)
    : Exception($"its libraries cannot be mounted in it: {cause.Message}", cause);
