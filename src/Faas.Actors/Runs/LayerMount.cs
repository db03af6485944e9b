namespace Faas.Actors.Runs;

/// <summary>The libraries of a Python script, as its sandboxes see them.</summary>
/// <param name="Folder">The folder on the host, which every user can read.</param>
/// <param name="IsTrusted">Whether process 1 of a sandbox may import them ahead of runs (<c>faas.libraries.preload</c>).</param>
public sealed record LayerMount(string Folder, bool IsTrusted);
