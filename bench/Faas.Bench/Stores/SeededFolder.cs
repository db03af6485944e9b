using Faas.Actors.Scripts;

namespace Faas.Bench.Stores;

/// <summary>A data folder for a server, with scripts that were written into it without uploading them one by one.</summary>
internal sealed class SeededFolder : IDisposable
{
    /// <summary>Writes the scripts. Throws <see cref="BenchException"/> and what <see cref="OpenStore.Open"/> throws.</summary>
    /// <param name="codes">The code of each script by its path.</param>
    /// <param name="stop">Ends it early.</param>
    public SeededFolder(IReadOnlyDictionary<string, ScriptCode> codes, CancellationToken stop)
    {
        try
        {
            using var store = OpenStore.Open(Data);
            new StoreSeed(store, (path, _) => codes[path]).Write(codes.Keys, 1, stop);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The folder's path, for <c>FAAS_DATA_DIR</c>.</summary>
    public string Data { get; } = Directory.CreateTempSubdirectory("faas-bench-").FullName;

    public void Dispose() => Directory.Delete(Data, true);
}
