using System.Buffers;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;

namespace Faas.Actors.Forwarding;

/// <summary>What one node asks another one to run, as bytes. The code is not among them: each node finds it by its hash.</summary>
/// <param name="Path">The script.</param>
/// <param name="Version">The version.</param>
/// <param name="IsLatest">Whether calls of the path get this version without naming one.</param>
/// <param name="Arguments">What the run is given.</param>
/// <param name="Stream">Whether the output goes to the caller as it is printed.</param>
internal sealed record RunOrder(string Path, ScriptVersion Version, bool IsLatest, RunArguments Arguments, bool Stream)
{
    /// <summary>The order for a run of this node.</summary>
    /// <param name="stored">What to run.</param>
    /// <param name="traceParent">The trace that it belongs to; null: none.</param>
    /// <param name="stream">Whether the output goes to the caller as it is printed.</param>
    public static RunOrder Of(StoredRun stored, string? traceParent, bool stream) => new(
        stored.Path, stored.Found.Version, stored.Found.IsLatest, stored.Arguments with { TraceParent = traceParent }, stream);

    /// <summary>Writes it.</summary>
    public ReadOnlySequence<byte> ToBytes() => HeadAndBody.Write(
        new RunOrderHead(
            Path,
            Version,
            IsLatest,
            Stream,
            Arguments.CallId,
            Arguments.Input.Length,
            Arguments.WithUsage,
            Arguments.Key,
            Arguments.WithLogs,
            Arguments.TraceParent,
            Arguments.TakesFiles,
            HeadAndBody.HeadsOf(Arguments.Files)),
        ForwardingJson.Default.RunOrderHead,
        Arguments.Input,
        Arguments.Files);

    /// <summary>Reads it. Throws <see cref="FormatException"/> and <see cref="System.Text.Json.JsonException"/>.</summary>
    public static RunOrder Read(ReadOnlySequence<byte> bytes)
    {
        var (head, body) = HeadAndBody.Read(bytes, ForwardingJson.Default.RunOrderHead);
        if (head is not { Path: not null, Version: not null, CallId: not null, Files: not null })
        {
            throw new FormatException("An order of another node lacks the script, the version, the call or the files.");
        }

        var (input, files) = HeadAndBody.Cut(body, head.InputBytes);
        return new RunOrder(
            head.Path,
            head.Version,
            head.IsLatest,
            new RunArguments(head.CallId, input, head.WithUsage, head.Key, head.WithLogs)
            {
                TraceParent = head.TraceParent,
                Files = HeadAndBody.Files(head.Files, files),
                TakesFiles = head.TakesFiles,
                IsForwarded = true,
            },
            head.Stream);
    }
}

/// <summary>All of a <see cref="RunOrder"/> but its bytes.</summary>
internal sealed record RunOrderHead(
    string Path,
    ScriptVersion Version,
    bool IsLatest,
    bool Stream,
    string CallId,
    int InputBytes,
    bool WithUsage,
    string? Key,
    bool WithLogs,
    string? TraceParent,
    bool TakesFiles,
    IReadOnlyList<FileHead> Files);
