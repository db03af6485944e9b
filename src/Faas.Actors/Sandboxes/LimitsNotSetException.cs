namespace Faas.Actors.Sandboxes;

/// <summary>The kernel has not taken the limits of a version. The message says so in one line.</summary>
internal sealed class LimitsNotSetException(Exception cause) : Exception($"its limits cannot be set: {cause.Message}", cause);
