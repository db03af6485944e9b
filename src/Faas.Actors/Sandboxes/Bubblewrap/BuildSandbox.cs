using System.Buffers;
using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The conversation with process 1 of a sandbox that builds something: each question and each answer is one line of JSON. What goes wrong
/// in it is a <see cref="CompilerException"/>.
/// </summary>
/// <param name="sandbox">The sandbox.</param>
/// <param name="builder">What it is called in errors.</param>
/// <param name="timeout">How long the answer to a question may take.</param>
/// <param name="timeoutKey">The setting that says so.</param>
/// <param name="memoryKey">The setting that says how much memory it has; null: none does.</param>
/// <param name="says">Takes each line of the log; null: no reader waits for it.</param>
internal sealed class BuildSandbox(
    ISandboxProcess sandbox, string builder, TimeSpan timeout, string timeoutKey, string? memoryKey, Action<string>? says)
{
    private const int MostLogBytes = 64 << 10;

    // The most bytes of an answer: the longest text and source map that are taken, with JSON's escapes.
    private const int MostAnswerBytes = 64 << 20;

    private readonly StringBuilder _log = new();

    /// <summary>The lines of the log so far: the first 64 KiB.</summary>
    public string Log => _log.ToString();

    /// <summary>Whether it has ended because it used more memory than it has.</summary>
    public bool IsOutOfMemory { get; private set; }

    /// <summary>Adds a line to the log.</summary>
    public void AddToLog(string line)
    {
        if (_log.Length + line.Length < MostLogBytes)
        {
            _log.Append(line).Append('\n');
            says?.Invoke(line);
        }
    }

    /// <summary>Waits until the sandbox is built.</summary>
    public Task BeginAsync(CancellationToken cancellation) => WithinTimeoutAsync(
        async stop => await ReadAsync<Beginning>(stop) is { Ready: true } ready ? ready : throw new JsonException("it is not ready"),
        cancellation);

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
        IsOutOfMemory = sandbox.OomKills > 0;
        sandbox.Kill();
        var exit = await sandbox.Exited;
        var said = exit.Stderr.Trim();
        return new CompilerException(
            IsOutOfMemory ? $"The {builder} needs more memory than it has{(memoryKey is null ? "" : $" ({memoryKey})")}."
            : $"The {builder} broke: {broken.Message}{(said.Length == 0 ? "." : $": {said.Split('\n')[^1]}")}",
            broken);
    }

    private sealed record Beginning(bool Ready);
}
