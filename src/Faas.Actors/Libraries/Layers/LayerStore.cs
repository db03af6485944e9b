using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Faas.Actors.Libraries.Layers;

/// <summary>
/// The layers on this machine, each in a folder of its own under its name.
/// <para>
/// Theory of operation. The folder of a layer has its files (<c>files</c>), their digest and size, and an empty file for each stored code
/// that needs it (<c>codes/HASH</c>). A layer is unpacked beside its place and moved there in one step (rename(2)), so what has the name is
/// whole. A server compares the digest before the first use of the layer since its start: a disk may lose bytes, and a person may have
/// looked for space there. A layer with another digest is moved away and built anew; it is never used. The time of the folder's last change
/// says when the layer was last used, so that one without codes is kept while it is (<see cref="LayerCollection"/>).
/// </para>
/// </summary>
/// <param name="folder">Where they are; it is made when the first layer comes.</param>
/// <param name="limits">What each may hold.</param>
/// <param name="time">Tells when a layer is used.</param>
/// <param name="log">Is told which layer is damaged; null: nothing is.</param>
public sealed partial class LayerStore(string folder, LayerLimits limits, TimeProvider time, ILogger<LayerStore>? log = null)
{
    private const string Files = "files", DigestFile = "digest", SizeFile = "size", Codes = "codes";
    private const string Unfinished = ".new-";
    private const string Removed = ".old-";

    // How exactly the folder tells when a layer was last used.
    private static readonly TimeSpan s_grain = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new();
    private readonly ConcurrentDictionary<string, bool> _damaged = new();
    private readonly ILogger _log = log ?? NullLogger<LayerStore>.Instance;
    private readonly Lock _gate = new();

    /// <summary>Where the files of a layer are, if it is there and this server has used it since its start; null otherwise.</summary>
    public string? Known(string name)
    {
        if (!_used.TryGetValue(name, out var noted))
        {
            return null;
        }

        if (time.GetUtcNow() - noted <= s_grain)
        {
            return Directory.Exists(FilesOf(name)) ? FilesOf(name) : null;
        }

        lock (_gate) // it may be about to be removed as unused
        {
            return _used.ContainsKey(name) && Directory.Exists(FilesOf(name)) ? Use(name) : null;
        }
    }

    /// <summary>Where the files of a layer are, if it is there and whole. A damaged one is removed.</summary>
    public async Task<string?> FindAsync(string name) => Known(name) ?? await Task.Run(() => Checked(name));

    /// <summary>Whether a layer was found damaged, and has not been stored again since.</summary>
    public bool WasDamaged(string name) => _damaged.ContainsKey(name);

    /// <summary>
    /// Stores a layer. One that is there already is kept. Throws <see cref="LayerException"/>.
    /// </summary>
    public async Task AddAsync(string name, Stream archive, CancellationToken cancellation)
    {
        var unfinished = Path.Combine(folder, $"{Unfinished}{Guid.NewGuid():N}");
        var files = Path.Combine(unfinished, Files);
        Directory.CreateDirectory(files);
        try
        {
            var bytes = await LayerArchive.UnpackAsync(archive, files, limits, cancellation);
            await File.WriteAllTextAsync(
                Path.Combine(unfinished, SizeFile), bytes.ToString(CultureInfo.InvariantCulture), cancellation);
            await File.WriteAllTextAsync(Path.Combine(unfinished, DigestFile), LayerDigest.Of(files), cancellation);
            Directory.CreateDirectory(Path.Combine(unfinished, Codes));
            lock (_gate)
            {
                Place(name, unfinished, bytes);
            }
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }
    }

    /// <summary>Notes that stored code needs a layer, if the layer is there.</summary>
    public void Need(string name, string code)
    {
        var codes = Path.Combine(FolderOf(name), Codes);
        var note = Path.Combine(codes, code);
        if (!File.Exists(note) && Directory.Exists(codes))
        {
            File.Create(note).Dispose();
        }
    }

    /// <summary>The layers, and the stored code that needs each.</summary>
    public IReadOnlyList<StoredLayer> List() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder).Where(IsLayer).Select(path => new StoredLayer(
            Path.GetFileName(path),
            Directory.Exists(Path.Combine(path, Codes))
                ? [.. Directory.EnumerateFiles(Path.Combine(path, Codes)).Select(file => Path.GetFileName(file))]
                : [])),
    ];

    /// <summary>Notes that code, which is stored no more, needs a layer no more.</summary>
    public void Release(string name, string code) => File.Delete(Path.Combine(FolderOf(name), Codes, code));

    /// <summary>Removes a layer, unless it has been used since a time, in UTC. False: it has.</summary>
    public bool RemoveUnused(string name, DateTime since)
    {
        lock (_gate)
        {
            if (Directory.GetLastWriteTimeUtc(FolderOf(name)) > since)
            {
                return false;
            }

            Discard(name);
            return true;
        }
    }

    /// <summary>Removes what was left unfinished before a time, in UTC: by a server that was killed.</summary>
    public void RemoveUnfinished(DateTime before)
    {
        var unfinished = Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, ".*").Where(IsOurs).ToArray() : [];
        foreach (var path in unfinished.Where(path => Directory.GetLastWriteTimeUtc(path) < before))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    // The operator may name a folder that has others, which are not this store's to remove.
    private static bool IsLayer(string path) =>
        LayerFolder().IsMatch(Path.GetFileName(path)) && File.Exists(Path.Combine(path, DigestFile));

    private static bool IsOurs(string path) => TemporaryFolder().IsMatch(Path.GetFileName(path));

    private string FolderOf(string name) => Path.Combine(folder, name);

    private string FilesOf(string name) => Path.Combine(folder, name, Files);

    private string Use(string name)
    {
        var now = time.GetUtcNow();
        Directory.SetLastWriteTimeUtc(FolderOf(name), now.UtcDateTime);
        _used[name] = now;
        return FilesOf(name);
    }

    private string? Checked(string name)
    {
        lock (_gate)
        {
            if (Known(name) is { } known)
            {
                return known; // another caller has compared it meanwhile
            }

            if (!Directory.Exists(FolderOf(name)))
            {
                return null;
            }

            if (IsWhole(name))
            {
                return Use(name);
            }

            DiscardDamaged(name);
            return null;
        }
    }

    private void Place(string name, string unfinished, long bytes)
    {
        if (Directory.Exists(FolderOf(name)))
        {
            if (IsWhole(name))
            {
                Use(name);
                return;
            }

            DiscardDamaged(name);
        }

        MakeRoom(bytes);
        Directory.Move(unfinished, FolderOf(name));
        _damaged.TryRemove(name, out _);
        Use(name);
    }

    // Of the layers that no stored code needs, those go first that have not been used for longest.
    private void MakeRoom(long bytes)
    {
        var layers = List();
        var total = bytes + layers.Sum(layer => SizeOf(layer.Name));
        var now = time.GetUtcNow();
        foreach (var (name, _) in layers.Where(layer => layer.Codes.Count == 0)
            .Select(layer => (layer.Name, UsedAt: Directory.GetLastWriteTimeUtc(FolderOf(layer.Name))))
            .Where(layer => now.UtcDateTime - layer.UsedAt > s_grain)
            .OrderBy(layer => layer.UsedAt))
        {
            if (total <= limits.MaxTotalBytes)
            {
                return;
            }

            total -= SizeOf(name);
            Discard(name);
        }

        if (total > limits.MaxTotalBytes)
        {
            throw new LayerException(
                $"The libraries of all scripts would have {total} bytes; allowed are {limits.MaxTotalBytes} (faas.libraries.max-total).");
        }
    }

    private long SizeOf(string name) =>
        long.TryParse(ReadIfThere(Path.Combine(FolderOf(name), SizeFile)), CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;

    private static string ReadIfThere(string file) => File.Exists(file) ? File.ReadAllText(file) : "";

    private bool IsWhole(string name)
    {
        try
        {
            return LayerDigest.Of(FilesOf(name)) == File.ReadAllText(Path.Combine(FolderOf(name), DigestFile));
        }
        catch (Exception error) when (error is LayerException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void DiscardDamaged(string name)
    {
        _damaged[name] = true;
        LogDamaged(_log, FolderOf(name));
        Discard(name);
    }

    // In one step, so that no layer with a part of its files has the name.
    private void Discard(string name)
    {
        _used.TryRemove(name, out _);
        var away = Path.Combine(folder, $"{Removed}{Guid.NewGuid():N}");
        Directory.Move(FolderOf(name), away);
        Directory.Delete(away, recursive: true);
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Warning,
        Message = "The layer of libraries {Folder} is damaged: its files are not what was installed. It is built again from its lock.")]
    private static partial void LogDamaged(ILogger log, string folder);

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex LayerFolder();

    [GeneratedRegex(@"\A\.(?:new|old)-[0-9a-f]{32}\z")]
    private static partial Regex TemporaryFolder();
}

/// <summary>A layer on this machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Codes">The hashes of stored code that needs it.</param>
public sealed record StoredLayer(string Name, IReadOnlyList<string> Codes);
