namespace Faas.Actors.Libraries.Builds;

/// <summary>
/// What a build of libraries is asked for: of Python's (runtimes/python/faas/build/request.py), or of npm's (runtimes/node/layer.mjs),
/// which has a lock, and reads neither script nor requirements.
/// </summary>
/// <param name="Entry">The text of the script.</param>
/// <param name="Requirements">The text of the requirements.txt beside it; null: there is none.</param>
/// <param name="Dependencies">What the upload names beside those two.</param>
/// <param name="Lock">The lock that is to be installed; null: versions are chosen, and nothing is installed.</param>
/// <param name="Index">The address of the registry.</param>
/// <param name="MaxFiles">The most files of the layer.</param>
/// <param name="MaxBytes">The most bytes of the layer.</param>
public sealed record BuildRequest(
    string Entry, string? Requirements, IReadOnlyList<string> Dependencies, string? Lock, string Index, int MaxFiles, long MaxBytes);
