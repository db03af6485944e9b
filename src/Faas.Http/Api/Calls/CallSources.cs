using System.Buffers;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The source files that one request brings, as they are read from its body. Throws <see cref="ProblemException"/> for a file that no tree
/// can have or that is one too many; the message names the file.
/// </summary>
/// <param name="maxFiles">The most files, <c>faas.scripts.max-files</c>.</param>
/// <param name="maxBytes">The most bytes of all together, <c>faas.http.code-max-size</c>.</param>
public sealed class CallSources(int maxFiles, int maxBytes)
{
    private readonly List<SourceFile> _all = [];

    /// <summary>The most files.</summary>
    public int MaxFiles => maxFiles;

    /// <summary>Whether no file was added.</summary>
    public bool IsEmpty => _all.Count == 0;

    /// <summary>The bytes of all together.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a file.</summary>
    public void Add(string name, ReadOnlyMemory<byte> content)
    {
        if (SourceName.Check(name) is { } wrong)
        {
            throw ProblemException.Malformed($"\"sources\" has a file {MemberValue.Quoted(name)}: the name {wrong}.");
        }

        if (_all.Count == maxFiles)
        {
            throw new ProblemException(FaasProblems.TooLarge(
                $"\"sources\" has more than {maxFiles} files; allowed are {maxFiles} ({SettingCeilings.SourceFilesKey})."));
        }

        Bytes += content.Length;
        if (Bytes > maxBytes)
        {
            throw TooLarge(name);
        }

        _all.Add(new SourceFile(name, content));
    }

    /// <summary>Adds a file whose content comes in pieces: <paramref name="read"/> gives the next one, and 0 at the end.</summary>
    public async Task AddAsync(string name, Func<Memory<byte>, ValueTask<int>> read) =>
        Add(name, await BytesAsync(read, maxBytes, () => TooLarge(name)));

    /// <summary>Adds the files of a packed tree, whose bytes come in pieces.</summary>
    /// <param name="maxPacked">The most bytes, packed.</param>
    /// <param name="read">Gives the next piece, and 0 bytes at the end.</param>
    public async Task UnpackAsync(int maxPacked, Func<Memory<byte>, ValueTask<int>> read) =>
        Unpack(maxPacked, await BytesAsync(read, maxPacked, () => PackedTooLarge(maxPacked)));

    /// <summary>Adds the files of a packed tree.</summary>
    /// <param name="maxPacked">The most bytes, packed.</param>
    /// <param name="packed">Its bytes.</param>
    public void Unpack(int maxPacked, byte[] packed)
    {
        if (packed.Length > maxPacked)
        {
            throw PackedTooLarge(maxPacked);
        }

        try
        {
            foreach (var file in PackedTree.Read(packed, maxFiles, maxBytes))
            {
                Add(file.Name, file.Content);
            }
        }
        catch (PackedTreeException wrong)
        {
            var detail = $"\"archive\" cannot be taken. {wrong.Message}";
            throw wrong.IsTooLarge ? new ProblemException(FaasProblems.TooLarge(detail)) : ProblemException.Malformed(detail);
        }
    }

    /// <summary>The tree of all files.</summary>
    /// <param name="language">Its language.</param>
    /// <param name="entry">The entry that the request names; null: none.</param>
    public SourceTree ToTree(Language language, string? entry)
    {
        if (_all.Count == 0)
        {
            throw ProblemException.Malformed("\"sources\" has no file.");
        }

        if (SourceTree.Check(_all) is { } wrong)
        {
            throw ProblemException.Malformed($"\"sources\" is no tree of files. {wrong}");
        }

        var names = _all.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        var (chosen, unclear) = entry is null ? EntryChoice.Of(language, names) : (entry, EntryChoice.Check(language, entry, names));
        if (unclear is not null)
        {
            throw ProblemException.Malformed($"\"entry\" {(entry is null ? "is missing" : $"is {MemberValue.Quoted(entry)}")}. {unclear}");
        }

        var tree = SourceTree.Of(chosen!, _all);
        return string.IsNullOrWhiteSpace(tree.EntryText)
            ? throw ProblemException.Malformed($"The entry {MemberValue.Quoted(tree.Entry)} is empty.")
            : tree;
    }

    private ProblemException TooLarge(string name) => new(FaasProblems.TooLarge(
        $"The files of \"sources\" have more than {maxBytes} bytes, up to {MemberValue.Quoted(name)}; "
        + $"allowed are {maxBytes} (faas.http.code-max-size)."));

    private static ProblemException PackedTooLarge(int most) => new(FaasProblems.TooLarge(
        $"\"archive\" has more than {most} bytes; allowed are {most} (faas.http.max-request-size)."));

    /// <summary>The bytes that come in pieces; throws what <paramref name="tooLarge"/> makes if there are more than allowed.</summary>
    internal static async Task<byte[]> BytesAsync(Func<Memory<byte>, ValueTask<int>> read, long most, Func<ProblemException> tooLarge)
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (await read(bytes.GetMemory(16 << 10)) is > 0 and var count)
        {
            bytes.Advance(count);
            if (bytes.WrittenCount > most)
            {
                throw tooLarge();
            }
        }

        return bytes.WrittenSpan.ToArray();
    }
}
