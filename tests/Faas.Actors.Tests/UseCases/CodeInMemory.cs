using System.Collections.Concurrent;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Tests.UseCases;

/// <summary>A code store in memory that a test can have fail.</summary>
public sealed class CodeInMemory : ICodeStore
{
    private readonly ConcurrentDictionary<(Language, string), ScriptCode> _codes = new();

    public Exception? Failure { get; set; }

    public Exception? PutFailure { get; set; }

    public void Add(ScriptCode code) => _codes[(code.Language, code.Hash)] = code;

    public void Clear() => _codes.Clear();

    public Task PutAsync(ScriptCode code, string path, CancellationToken cancellation)
    {
        if (PutFailure is not null)
        {
            return Task.FromException(PutFailure);
        }

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
