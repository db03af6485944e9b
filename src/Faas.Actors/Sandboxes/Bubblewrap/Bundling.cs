using System.Buffers;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Libraries;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// A tree in the sandbox that bundles it. Each question and each answer is one line of JSON: the first question has the files, a further
/// one another text of the entry (runtimes/node/bundle.mjs).
/// </summary>
/// <param name="sandbox">The sandbox, which ends with this.</param>
/// <param name="tree">The tree.</param>
/// <param name="libraries">What is asked for its libraries; null: it has none.</param>
/// <param name="timeout">How long each pass may take.</param>
/// <param name="ended">Is called when the sandbox is gone.</param>
internal sealed class Bundling(
    ISandboxProcess sandbox, SourceTree tree, LibraryOrder? libraries, TimeSpan timeout, Action ended) : IBundling
{
    private readonly BuildSandbox _build = new(
        sandbox,
        "bundler",
        timeout,
        libraries is null ? "faas.scripts.compile-timeout" : "faas.libraries.build.timeout",
        libraries is null ? null : "faas.libraries.build.memory",
        libraries?.Says);

    private bool _hasFiles;

    /// <summary>
    /// Waits until the sandbox is built, and opens the registry if there are libraries. Throws <see cref="CompilerException"/>, and
    /// <see cref="IOException"/> where the server cannot open one.
    /// </summary>
    public Task BeginAsync(SandboxRegistry registry, CancellationToken cancellation) =>
        _build.BeginAsync(libraries is null ? null : registry, Ecosystem.Npm, cancellation);

    /// <inheritdoc/>
    public async Task<BundleAnswer> BundleAsync(string? entryText, CancellationToken cancellation)
    {
        try
        {
            return await _build.WithinTimeoutAsync(
                async stop =>
                {
                    Write(entryText);
                    await sandbox.Input.FlushAsync(stop);
                    return await AnswerAsync(stop);
                },
                cancellation);
        }
        catch (CompilerException excess) when (libraries is not null && _build.IsExcess(excess))
        {
            return new BundleAnswer("", "", [], IsEntryWrapped: false) { Refused = excess.Message, Log = _build.Log };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _build.DisposeAsync();
        }
        finally
        {
            ended();
        }
    }

    private void Write(string? entryText)
    {
        using (var json = new Utf8JsonWriter(sandbox.Input, RelaxedJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("entry", tree.Entry);
            json.WriteString("entryText", entryText);
            if (!_hasFiles)
            {
                json.WritePropertyName("files");
                JsonSerializer.Serialize(json, SourceFileJson.Of(tree), RelaxedJson.SerializerOptions);
                WriteLibraries(json);
                _hasFiles = true;
            }

            json.WriteEndObject();
        }

        sandbox.Input.Write("\n"u8);
    }

    private void WriteLibraries(Utf8JsonWriter json)
    {
        if (libraries is null)
        {
            return;
        }

        json.WriteStartObject("libraries");
        json.WriteString("registry", SandboxRegistry.NpmAddress);
        json.WriteString("lock", libraries.Lock);
        json.WriteStartArray("dependencies");
        foreach (var dependency in libraries.Dependencies)
        {
            json.WriteStringValue(dependency);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task<BundleAnswer> AnswerAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await _build.ReadAsync<Answer>(cancellation);
            if (answer.Log is not { } line)
            {
                return Read(answer);
            }

            _build.AddToLog(line);
        }
    }

    private BundleAnswer Read(Answer answer)
    {
        if (answer.Failure is { } failure)
        {
            throw new CompilerException($"The bundler broke: {failure}");
        }

        // An optional dependency is left out if it cannot be fetched, so its absence proves nothing.
        if (libraries is not null)
        {
            _build.RequireRegistry();
        }

        return new BundleAnswer(
            answer.JavaScript ?? "",
            answer.SourceMap ?? "",
            [.. (answer.Errors ?? []).Select(error => error.ToMessage())],
            answer.IsEntryWrapped)
        {
            HasPause = answer.HasPause,
            Lock = answer.Lock,
            NeedsLayer = answer.NeedsLayer,
            Refused = answer.Refused is { } why ? _build.Refusal(why) : null,
            Log = _build.Log,
        };
    }

    private sealed record Answer(
        string? JavaScript,
        string? SourceMap,
        Fault[]? Errors,
        bool IsEntryWrapped,
        bool HasPause,
        bool NeedsLayer,
        string? Failure,
        string? Lock,
        string? Refused,
        string? Log);

    private sealed record Fault(string? Text, string? File, int Line, int Column)
    {
        public EsbuildMessage ToMessage() => new(Text ?? "", Line, Column) { File = File };
    }
}
