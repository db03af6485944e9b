using System.Buffers;

namespace Faas.Actors.Runs;

/// <summary>A file of a run: one that its call brings, or that it gives back.</summary>
/// <param name="Name">Its name in its folder, valid by <see cref="RunFileName"/>.</param>
/// <param name="Content">Its bytes.</param>
public sealed record RunFile(string Name, ReadOnlySequence<byte> Content)
{
    /// <summary>The bytes that its content takes of a tmpfs, which gives whole pages.</summary>
    public long TmpBytes => PagesOf(Content.Length);

    /// <summary>The size of the pages that hold this number of bytes.</summary>
    public static long PagesOf(long bytes) =>
        (bytes + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;
}
