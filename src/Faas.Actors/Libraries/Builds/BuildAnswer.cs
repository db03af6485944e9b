namespace Faas.Actors.Libraries.Builds;

/// <summary>
/// A line that a build writes after the first one: exactly one member has a value (runtimes/python/build.py,
/// runtimes/node/layer.mjs).
/// </summary>
/// <param name="Log">A line of the log.</param>
/// <param name="Refused">The end: why the libraries cannot be had as they are declared.</param>
/// <param name="Chosen">The end: the lock; empty: no library is declared.</param>
/// <param name="Built">The end: the layer follows.</param>
public sealed record BuildAnswer(string? Log, string? Refused, string? Chosen, BuildReport? Built);

/// <summary>What was built. The archive of the layer follows.</summary>
/// <param name="Libraries">All that is in it, of Python's; null: of npm's.</param>
/// <param name="Files">The files of the layer.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="IsNative">Whether some of them are machine code.</param>
/// <param name="Platform">The platform and the interpreter that the layer is for.</param>
public sealed record BuildReport(IReadOnlyList<LockedLibrary>? Libraries, int Files, long Bytes, bool IsNative, string Platform);

/// <summary>A library of a lock.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
public sealed record LockedLibrary(string Name, string Version);
