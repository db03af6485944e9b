namespace Faas.Actors.Scripts.Trees;

/// <summary>The files of a packed tree so far. It reads no more of a file than the limits allow.</summary>
/// <param name="maxFiles">The most files.</param>
/// <param name="maxBytes">The most bytes of all files together.</param>
internal sealed class UnpackedFiles(int maxFiles, int maxBytes)
{
    private readonly List<SourceFile> _all = [];
    private readonly byte[] _buffer = new byte[16 << 10];
    private int _bytes;

    public IReadOnlyList<SourceFile> All => _all;

    /// <summary>Reads a file to its end. Throws <see cref="PackedTreeException"/>.</summary>
    public void Add(string name, Stream content)
    {
        if (SourceName.Check(name) is { } wrong)
        {
            throw new PackedTreeException($"It has a file {SourceTree.Shown(name)}: the name {wrong}.");
        }

        if (_all.Count == maxFiles)
        {
            throw new PackedTreeException(
                $"It has more than {maxFiles} files; allowed are {maxFiles} ({SourceTree.MaxFilesKey}).", isTooLarge: true);
        }

        using var bytes = new MemoryStream();
        while (content.Read(_buffer) is > 0 and var count)
        {
            _bytes += count;
            if (_bytes > maxBytes)
            {
                throw new PackedTreeException(
                    $"Its files have more than {maxBytes} bytes, up to {SourceTree.Shown(name)}; allowed are {maxBytes} "
                    + "(faas.http.code-max-size).",
                    isTooLarge: true);
            }

            bytes.Write(_buffer, 0, count);
        }

        _all.Add(new SourceFile(name, bytes.ToArray()));
    }
}
