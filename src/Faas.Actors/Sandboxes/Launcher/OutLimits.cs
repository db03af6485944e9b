namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>What one run may give back in <c>/tmp/out</c>.</summary>
/// <param name="Files">The most files; 0: <c>/tmp/out</c> is a folder like any other.</param>
/// <param name="Bytes">The most bytes of all files together.</param>
public sealed record OutLimits(int Files, long Bytes);
