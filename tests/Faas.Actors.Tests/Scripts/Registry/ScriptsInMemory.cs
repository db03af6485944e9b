using System.Collections.Concurrent;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>Code store, catalog and persistence ids in memory, which fail when a test says so.</summary>
public sealed class ScriptsInMemory : ICodeStore, IScriptCatalog, IPersistenceIds
{
    private readonly ConcurrentDictionary<string, ScriptCode> _codes = new();
    private readonly ConcurrentDictionary<string, CatalogState> _lines = new();

    /// <summary>What a call to the code store throws; null: it works.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What a call to the catalog throws; null: it works.</summary>
    public Exception? CatalogFailure { get; set; }

    /// <summary>The persistence ids, with their highest sequence numbers.</summary>
    public List<(string, long)> Journals { get; } = [];

    /// <summary>The tokens of the references to code, by code and path.</summary>
    public ConcurrentDictionary<(CodeName, string), string> References { get; } = new();

    /// <summary>Holds every release back until it completes.</summary>
    public Task Releases { get; set; } = Task.CompletedTask;

    public Task PutAsync(ScriptCode code, string path, CancellationToken cancellation)
    {
        if (Failure is not null)
        {
            return Task.FromException(Failure);
        }

        References[(new CodeName(code.Language, code.Hash), path)] = $"{Guid.NewGuid()}";
        return Task.FromResult(_codes[code.Key] = code);
    }

    public Task<bool> ReferAsync(CodeName code, string path, CancellationToken cancellation)
    {
        if (Failure is not null)
        {
            return Task.FromException<bool>(Failure);
        }

        var isStored = _codes.ContainsKey(ScriptCode.KeyOf(code.Language, code.Hash));
        if (isStored)
        {
            References[(code, path)] = $"{Guid.NewGuid()}";
        }

        return Task.FromResult(isStored);
    }

    public Task<string?> ReferenceAsync(CodeName code, string path, CancellationToken cancellation) => Failure is null
        ? Task.FromResult(References.GetValueOrDefault((code, path)))
        : Task.FromException<string?>(Failure);

    public async Task ReleaseAsync(CodeName code, string path, string token, CancellationToken cancellation)
    {
        await Releases;
        if (References.TryRemove(KeyValuePair.Create((code, path), token)) && !References.Keys.Any(key => key.Item1 == code))
        {
            _codes.TryRemove(ScriptCode.KeyOf(code.Language, code.Hash), out _);
        }
    }

    public Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation) =>
        Task.FromResult(_codes.GetValueOrDefault($"{language.ToWire()}:{hash}"));

    public Task PutAsync(ScriptSummary summary, long sequenceNr, CancellationToken cancellation) =>
        KeepAsync(new CatalogState(summary.Path, summary, sequenceNr));

    public Task RemoveAsync(string path, long sequenceNr, CancellationToken cancellation) =>
        KeepAsync(new CatalogState(path, null, sequenceNr));

    public Task<IReadOnlyList<CatalogState>> AllAsync(CancellationToken cancellation) => CatalogFailure is null
        ? Task.FromResult<IReadOnlyList<CatalogState>>([.. _lines.Values])
        : Task.FromException<IReadOnlyList<CatalogState>>(CatalogFailure);

    public Task<CatalogPage> PageAsync(CatalogQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public Task SortAsync(IReadOnlyList<CatalogState> lines, CancellationToken cancellation) =>
        Task.CompletedTask;

    public Task ClearAsync(CancellationToken cancellation)
    {
        _lines.Clear();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<(string PersistenceId, long HighestSequenceNr)>> ListAsync(string prefix, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<(string, long)>>(Journals);

    private Task KeepAsync(CatalogState line)
    {
        if (CatalogFailure is not null)
        {
            return Task.FromException(CatalogFailure);
        }

        _lines[line.Path] = line;
        return Task.CompletedTask;
    }
}
