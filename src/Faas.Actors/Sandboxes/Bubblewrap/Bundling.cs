using System.Buffers;
using System.Text.Json;
using Faas.Actors.Json;
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
/// <param name="timeout">How long each pass may take.</param>
/// <param name="ended">Is called when the sandbox is gone.</param>
internal sealed class Bundling(ISandboxProcess sandbox, SourceTree tree, TimeSpan timeout, Action ended) : IBundling
{
    // The most bytes of an answer: the longest text and source map that are taken, with JSON's escapes.
    private const int MostAnswerBytes = 64 << 20;

    private bool _hasFiles;

    /// <inheritdoc/>
    public async Task<BundleAnswer> BundleAsync(string? entryText, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            Write(entryText);
            await sandbox.Input.FlushAsync(deadline.Token);
            return Parse(await LineAsync(deadline.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CompilerException(
                $"The bundler took longer than faas.scripts.compile-timeout ({timeout.TotalSeconds} s).");
        }
        catch (Exception broken) when (broken is IOException or JsonException)
        {
            throw await BrokenAsync(broken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        ended();
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
                _hasFiles = true;
            }

            json.WriteEndObject();
        }

        sandbox.Input.Write("\n"u8);
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
        var wasKilledForMemory = sandbox.OomKills > 0;
        sandbox.Kill();
        var exit = await sandbox.Exited;
        var said = exit.Stderr.Trim();
        return new CompilerException(
            wasKilledForMemory ? "The bundler needs more memory for these files than it has."
            : $"The bundler broke: {broken.Message}{(said.Length == 0 ? "." : $": {said.Split('\n')[^1]}")}",
            broken);
    }

    private static BundleAnswer Parse(byte[] line)
    {
        var answer = JsonSerializer.Deserialize<Answer>(line, RelaxedJson.SerializerOptions) ?? throw new JsonException("null");
        return answer.Failure is { } failure
            ? throw new CompilerException($"The bundler broke: {failure}")
            : new BundleAnswer(
                answer.JavaScript ?? "",
                answer.SourceMap ?? "",
                [.. (answer.Errors ?? []).Select(error => error.ToMessage())],
                answer.IsEntryWrapped);
    }

    private sealed record Answer(string? JavaScript, string? SourceMap, Fault[]? Errors, bool IsEntryWrapped, string? Failure);

    private sealed record Fault(string? Text, string? File, int Line, int Column)
    {
        public EsbuildMessage ToMessage() => new(Text ?? "", Line, Column) { File = File };
    }
}
