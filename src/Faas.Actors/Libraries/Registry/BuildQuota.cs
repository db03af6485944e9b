namespace Faas.Actors.Libraries.Registry;

/// <summary>What a build may fetch, and what it has fetched so far.</summary>
/// <param name="maxFiles">The most files, <c>faas.libraries.max-count</c>: a library is one.</param>
/// <param name="maxBytes">The most bytes of them, <c>faas.libraries.max-size</c>.</param>
public sealed class BuildQuota(int maxFiles, long maxBytes)
{
    private readonly HashSet<int> _files = [];
    private long _bytes;

    /// <summary>What the build needed beyond its quota; null: nothing.</summary>
    public string? Excess { get; private set; }

    /// <summary>Takes a file into account. A build may fetch a file again.</summary>
    /// <returns>Why it may not have the file; null: it may.</returns>
    public string? Take(int file)
    {
        lock (_files)
        {
            if (_files.Contains(file) || _files.Count < maxFiles)
            {
                _files.Add(file);
                return null;
            }

            return Excess = $"The libraries are more than {maxFiles} (faas.libraries.max-count).";
        }
    }

    /// <summary>Takes bytes into account. Throws <see cref="IOException"/> when there are too many.</summary>
    public void TakeBytes(long count)
    {
        if (Interlocked.Add(ref _bytes, count) > maxBytes)
        {
            Excess = $"The libraries have more than {maxBytes} bytes (faas.libraries.max-size).";
            throw new IOException(Excess);
        }
    }
}
