using System.Buffers;
using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Registry;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The conversation with process 1 of a sandbox that builds something: each question and each answer is one line of JSON. What goes wrong
/// in it is a <see cref="CompilerException"/>. A build that installs libraries has a registry.
/// </summary>
/// <param name="sandbox">The sandbox, which ends with this.</param>
/// <param name="builder">What it is called in errors.</param>
/// <param name="timeout">How long the answer to a question may take.</param>
/// <param name="timeoutKey">The setting that says so.</param>
/// <param name="memoryKey">The setting that says how much memory it has; null: none does.</param>
/// <param name="says">Takes each line of the log; null: no reader waits for it.</param>
internal sealed class BuildSandbox(
    ISandboxProcess sandbox, string builder, TimeSpan timeout, string timeoutKey, string? memoryKey, Action<string>? says)
    : IAsyncDisposable
{
    private const int MostLogBytes = 64 << 10;

    // The most bytes of an answer: the longest text and source map that are taken, with JSON's escapes.
    private const int MostAnswerBytes = 64 << 20;

    private readonly StringBuilder _log = new();
    private RegistryServer? _registry;
    private bool _isOutOfMemory;

    /// <summary>The lines of the log so far: the first 64 KiB.</summary>
    public string Log => _log.ToString();

    /// <summary>Adds a line to the log.</summary>
    public void AddToLog(string line)
    {
        if (_log.Length + line.Length < MostLogBytes)
        {
            _log.Append(line).Append('\n');
            says?.Invoke(line);
        }
    }

    /// <summary>
    /// Waits until the sandbox is built, and opens its registry. Throws <see cref="CompilerException"/>, and <see cref="IOException"/>
    /// where the server cannot open one.
    /// </summary>
    /// <param name="registry">The registry of builds; null: it needs none.</param>
    /// <param name="ecosystem">Whose libraries it needs.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <param name="isStored">Whether it installs the lock of a stored version.</param>
    public async Task BeginAsync(
        SandboxRegistry? registry, Ecosystem ecosystem, CancellationToken cancellation, bool isStored = false)
    {
        await WithinTimeoutAsync(
            async stop => await ReadAsync<Beginning>(stop) is { Ready: true } ready ? ready : throw new JsonException("it is not ready"),
            cancellation);
        if (registry is not null)
        {
            _registry = await registry.OpenAsync(sandbox, ecosystem, isStored);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    /// <summary>Whether the build has failed because it took more time or memory than it has.</summary>
    public bool IsExcess(CompilerException failure) => failure.InnerException is OperationCanceledException || _isOutOfMemory;

    /// <summary>Throws <see cref="CompilerException"/> if the build has not got from a registry what it should have got.</summary>
    public void RequireRegistry()
    {
        if (_registry?.Registry.Failures is [var first, ..])
        {
            throw new CompilerException(first);
        }
    }

    /// <summary>Why libraries cannot be had: the rules of the registry, and then the installer's own words.</summary>
    public string Refusal(string why) => string.Join('\n', [.. _registry?.Registry.Refusals ?? [], why]);

    /// <summary>Does something within the timeout.</summary>
    public async Task<T> WithinTimeoutAsync<T>(Func<CancellationToken, Task<T>> doAsync, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            return await doAsync(deadline.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new CompilerException($"The {builder} took longer than {timeoutKey} ({timeout.TotalSeconds} s).", late);
        }
        catch (Exception broken) when (broken is IOException or JsonException)
        {
            throw await BrokenAsync(broken);
        }
    }

    /// <summary>Reads one answer. Throws <see cref="IOException"/> at the end, and <see cref="JsonException"/>.</summary>
    public async Task<T> ReadAsync<T>(CancellationToken cancellation) =>
        JsonSerializer.Deserialize<T>(await LineAsync(cancellation), RelaxedJson.SerializerOptions) ?? throw new JsonException("null");

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
            _isOutOfMemory ? $"The {builder} needs more memory than it has{(memoryKey is null ? "" : $" ({memoryKey})")}."
            : $"The {builder} broke: {broken.Message}{(said.Length == 0 ? "." : $": {said.Split('\n')[^1]}")}",
            broken);
    }

    private sealed record Beginning(bool Ready);
}
