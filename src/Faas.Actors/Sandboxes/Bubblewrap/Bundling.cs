using System.Buffers;
using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Libraries.Registry;
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
    private const int MostLogBytes = 64 << 10;
    private const string MemoryKey = " (faas.libraries.build.memory).";

    // The most bytes of an answer: the longest text and source map that are taken, with JSON's escapes.
    private const int MostAnswerBytes = 64 << 20;

    private bool _hasFiles;
    private readonly StringBuilder _log = new();
    private RegistryServer? _registry;
    private bool _isOutOfMemory;

    /// <summary>
    /// Waits until the sandbox is built, and opens the registry if there are libraries. Throws <see cref="CompilerException"/>, and
    /// <see cref="IOException"/> where the server cannot open one.
    /// </summary>
    public async Task BeginAsync(SandboxRegistry registry, CancellationToken cancellation)
    {
        await WithinTimeoutAsync(
            async stop => Parse(await LineAsync(stop)) is { Ready: true } ready ? ready : throw new JsonException("it is not ready"),
            cancellation);
        if (libraries is not null)
        {
            _registry = await registry.OpenAsync(sandbox);
        }
    }

    /// <inheritdoc/>
    public async Task<BundleAnswer> BundleAsync(string? entryText, CancellationToken cancellation)
    {
        try
        {
            return await WithinTimeoutAsync(
                async stop =>
                {
                    Write(entryText);
                    await sandbox.Input.FlushAsync(stop);
                    return await AnswerAsync(stop);
                },
                cancellation);
        }
        catch (CompilerException excess)
            when (libraries is not null && (excess.InnerException is OperationCanceledException || _isOutOfMemory))
        {
            return new BundleAnswer("", "", [], IsEntryWrapped: false) { Refused = excess.Message, Log = _log.ToString() };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await sandbox.DisposeAsync();
            if (_registry is not null)
            {
                await _registry.DisposeAsync();
            }
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

    private async Task<T> WithinTimeoutAsync<T>(Func<CancellationToken, Task<T>> doAsync, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            return await doAsync(deadline.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new CompilerException($"The bundler took longer than {TimeoutKey} ({timeout.TotalSeconds} s).", late);
        }
        catch (Exception broken) when (broken is IOException or JsonException)
        {
            throw await BrokenAsync(broken);
        }
    }

    private string TimeoutKey => libraries is null ? "faas.scripts.compile-timeout" : "faas.libraries.build.timeout";

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
            var answer = Parse(await LineAsync(cancellation));
            if (answer.Log is not { } line)
            {
                return Read(answer);
            }

            if (_log.Length + line.Length < MostLogBytes)
            {
                _log.Append(line).Append('\n');
            }
        }
    }

    private async Task<byte[]> LineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await sandbox.Output.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                sandbox.Output.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted || read.Buffer.Length > MostAnswerBytes)
            {
                throw new IOException(read.IsCompleted ? "it ended" : "its answer is too long");
            }

            sandbox.Output.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task<CompilerException> BrokenAsync(Exception broken)
    {
        _isOutOfMemory = sandbox.OomKills > 0;
        sandbox.Kill();
        var exit = await sandbox.Exited;
        var said = exit.Stderr.Trim();
        return new CompilerException(
            _isOutOfMemory ? $"The bundler needs more memory for these files than it has{(libraries is null ? "." : MemoryKey)}"
            : $"The bundler broke: {broken.Message}{(said.Length == 0 ? "." : $": {said.Split('\n')[^1]}")}",
            broken);
    }

    private static Answer Parse(byte[] line) =>
        JsonSerializer.Deserialize<Answer>(line, RelaxedJson.SerializerOptions) ?? throw new JsonException("null");

    private BundleAnswer Read(Answer answer) =>
        answer.Failure is { } failure ? throw new CompilerException($"The bundler broke: {failure}")
            : answer.Refused is not null && _registry?.Registry.Failures is [var first, ..] ? throw new CompilerException(first)
            : new BundleAnswer(
                answer.JavaScript ?? "",
                answer.SourceMap ?? "",
                [.. (answer.Errors ?? []).Select(error => error.ToMessage())],
                answer.IsEntryWrapped)
            {
                Lock = answer.Lock,
                Refused = answer.Refused is { } why ? string.Join('\n', [.. _registry?.Registry.Refusals ?? [], why]) : null,
                Log = _log.ToString(),
            };

    private sealed record Answer(
        string? JavaScript,
        string? SourceMap,
        Fault[]? Errors,
        bool IsEntryWrapped,
        string? Failure,
        string? Lock,
        string? Refused,
        string? Log)
    {
        public bool Ready { get; init; }
    }

    private sealed record Fault(string? Text, string? File, int Line, int Column)
    {
        public EsbuildMessage ToMessage() => new(Text ?? "", Line, Column) { File = File };
    }
}
