namespace Faas.Actors.Runs;

/// <summary>
/// A layer of libraries that the sandbox of a run sees, read-only, at <see cref="Inside"/>. The runtime of Python finds its modules; a
/// bundle of JavaScript imports them by their paths.
/// </summary>
/// <param name="Folder">
/// The layer's folder on the host, an absolute path. Every user must be able to read what is in it. It must stay as it is while a sandbox
/// lives that has seen it.
/// </param>
/// <param name="IsTrusted">
/// Whether the zygote, which outlives each run, may execute code of the layer. False: only processes of a run do.
/// </param>
public sealed record LayerMount(string Folder, bool IsTrusted)
{
    /// <summary>The folder in the sandbox; it is empty where there is no layer.</summary>
    public const string Inside = "/libraries";
}
