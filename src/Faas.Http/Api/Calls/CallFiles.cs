using System.Buffers;
using Faas.Actors.Runs;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The files that one call brings, as they are read from its body. Throws <see cref="ProblemException"/> for a file that a run cannot have
/// or that is one too many; the message names the file.
/// </summary>
public sealed class CallFiles(FileLimits limits)
{
    private readonly List<RunFile> _all = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Those that were added.</summary>
    public IReadOnlyList<RunFile> All => _all;

    /// <summary>Their bytes together.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a file whose content has come.</summary>
    public void Add(string name, ReadOnlySequence<byte> content)
    {
        CheckName(name);
        Take(name, content.Length);
        _all.Add(new RunFile(name, content));
    }

    /// <summary>Adds a file whose content comes in pieces: <paramref name="read"/> gives the next one, and 0 at the end.</summary>
    public async Task AddAsync(string name, Func<Memory<byte>, ValueTask<int>> read)
    {
        CheckName(name);
        var content = new ByteSegments();
        var buffer = ArrayPool<byte>.Shared.Rent(16 << 10);
        try
        {
            while (await read(buffer) is > 0 and var count)
            {
                Take(name, count);
                content.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _all.Add(new RunFile(name, content.ToSequence()));
    }

    private void CheckName(string name)
    {
        if (RunFileName.Check(name) is { } wrong)
        {
            throw ProblemException.Malformed(
                $"The file {_all.Count + 1} of the call has the name {MemberValue.Quoted(name)}: the name {wrong}.");
        }

        if (!_names.Add(name))
        {
            throw ProblemException.Malformed($"Two files of the call have the name {MemberValue.Quoted(name)}.");
        }

        if (_names.Count > limits.Count)
        {
            throw new ProblemException(FaasProblems.TooLarge(
                $"The file {MemberValue.Quoted(name)} is one too many; a call may bring {limits.Count} (faas.http.max-files)."));
        }
    }

    private void Take(string name, long bytes)
    {
        Bytes += bytes;
        if (Bytes > limits.Bytes)
        {
            throw new ProblemException(FaasProblems.TooLarge(
                $"With the file {MemberValue.Quoted(name)}, the files of the call have more than the {limits.Bytes} bytes that are allowed "
                + "(faas.http.max-files-size)."));
        }
    }
}
