using System.Collections.Concurrent;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;

namespace Faas.Http.Tests.Testing;

/// <summary>A code store in memory that can be made to fail.</summary>
public sealed class ScriptedStore : ICodeStore, IStoreReport
{
    private readonly ConcurrentDictionary<(Language, string), ScriptCode> _codes = new();

    public Exception? Failure { get; set; }

    public string StoreName => "The store of a test";

    public string? WhyNotWritable { get; set; }

    public Task<StoreSize> SizeAsync(CancellationToken cancellation) => Task.FromResult(new StoreSize(0, 0));

    public StoreDurability Durability { get; set; } = StoreDurability.Always;

    public Task<StoreDurability> DurabilityAsync(CancellationToken cancellation) => Task.FromResult(Durability);

    public void Add(ScriptCode code) => _codes[(code.Language, code.Hash)] = code;

    public Task PutAsync(ScriptCode code, string path, CancellationToken cancellation)
    {
        Add(code);
        return Task.CompletedTask;
    }

    public Task<bool> ReferAsync(CodeName code, string path, CancellationToken cancellation) =>
        Task.FromResult(_codes.ContainsKey((code.Language, code.Hash)));

    public Task<string?> ReferenceAsync(CodeName code, string path, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task ReleaseAsync(CodeName code, string path, string token, CancellationToken cancellation) => Task.CompletedTask;

    public Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation) =>
        Failure is { } failure ? Task.FromException<ScriptCode?>(failure) : Task.FromResult(_codes.GetValueOrDefault((language, hash)));
}
