using System.Collections.Concurrent;

namespace Faas.Actors.Libraries.Layers;

/// <summary>
/// The layers on this machine, each in a folder of its own under its name.
/// <para>
/// Theory of operation. A layer is unpacked beside its place and moved there in one step (rename(2)), so what has the name is whole. Its
/// digest was fixed when it was built. A server compares it before the first use of the layer since its start: a disk may lose bytes, and
/// a person may have looked for space there. A layer with another digest is moved away and built anew; it is never used.
/// </para>
/// </summary>
/// <param name="folder">Where they are; it exists.</param>
/// <param name="limits">What each may hold.</param>
public sealed class LayerStore(string folder, LayerLimits limits)
{
    private const string Unfinished = ".new-";
    private const string Removed = ".old-";
    private readonly ConcurrentDictionary<string, string> _checked = new();
    private readonly Lock _adding = new();

    /// <summary>Where a layer is, or will be.</summary>
    public string FolderOf(string name) => Path.Combine(folder, name);

    /// <summary>Whether the layer is here, with this digest. One with another digest is removed.</summary>
    public bool Has(string name, string digest)
    {
        if (_checked.TryGetValue(name, out var known))
        {
            return known == digest && Directory.Exists(FolderOf(name));
        }

        if (!Directory.Exists(FolderOf(name)))
        {
            return false;
        }

        if (!IsWhole(name, digest))
        {
            Remove(name);
            return false;
        }

        _checked[name] = digest;
        return true;
    }

    /// <summary>
    /// Stores a layer, and returns its digest. One with the same digest that is there already is kept.
    /// Throws <see cref="LayerException"/>.
    /// </summary>
    public async Task<string> AddAsync(string name, Stream archive, CancellationToken cancellation)
    {
        var unfinished = Path.Combine(folder, $"{Unfinished}{Guid.NewGuid():N}");
        Directory.CreateDirectory(unfinished);
        try
        {
            await LayerArchive.UnpackAsync(archive, unfinished, limits, cancellation);
            var digest = LayerDigest.Of(unfinished);
            lock (_adding)
            {
                Replace(name, digest, unfinished);
            }

            return digest;
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }
    }

    /// <summary>Removes what an earlier server has left unfinished, and each layer that is not needed.</summary>
    /// <returns>The names of the layers that were removed.</returns>
    public IReadOnlyList<string> Collect(IReadOnlySet<string> needed)
    {
        var removed = new List<string>();
        foreach (var path in Directory.EnumerateDirectories(folder).ToArray())
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith('.'))
            {
                Directory.Delete(path, recursive: true);
            }
            else if (!needed.Contains(name))
            {
                Remove(name);
                removed.Add(name);
            }
        }

        return removed;
    }

    private void Replace(string name, string digest, string unfinished)
    {
        if (Has(name, digest))
        {
            return;
        }

        if (Directory.Exists(FolderOf(name)))
        {
            Remove(name);
        }

        Directory.Move(unfinished, FolderOf(name));
        _checked[name] = digest;
    }

    private bool IsWhole(string name, string digest)
    {
        try
        {
            return LayerDigest.Of(FolderOf(name)) == digest;
        }
        catch (Exception error) when (error is LayerException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // In one step, so that no layer with a part of its files has the name.
    private void Remove(string name)
    {
        _checked.TryRemove(name, out _);
        var away = Path.Combine(folder, $"{Removed}{Guid.NewGuid():N}");
        Directory.Move(FolderOf(name), away);
        Directory.Delete(away, recursive: true);
    }
}
