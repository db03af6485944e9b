namespace Faas.Actors.Libraries.Layers;

/// <summary>The names that an archive has had: none may come twice, be it as a file or as the folder of another file.</summary>
internal sealed class LayerNames
{
    private readonly HashSet<string> _files = [];
    private readonly HashSet<string> _folders = [];

    /// <summary>Throws <see cref="LayerException"/> for a name that is there already.</summary>
    public void Add(string name)
    {
        var isNew = _files.Add(name) && !_folders.Contains(name);
        for (var at = name.LastIndexOf('/'); at > 0; at = name.LastIndexOf('/', at - 1))
        {
            var folder = name[..at];
            isNew = isNew && !_files.Contains(folder);
            _folders.Add(folder);
        }

        if (!isNew)
        {
            throw new LayerException($"'{name}' is in the archive twice, or is both a file and a folder.");
        }
    }
}
