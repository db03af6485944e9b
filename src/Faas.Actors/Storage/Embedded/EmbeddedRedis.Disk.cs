using System.Diagnostics;

namespace Faas.Actors.Storage.Embedded;

public sealed partial class EmbeddedRedis
{
    // With more room than any write needs, the disk is not why a call failed.
    private const long AmpleRoom = 64 << 20;

    private static readonly TimeSpan s_wordsPatience = TimeSpan.FromMilliseconds(250);

    private long _unwritten; // bytes of the last write that had no room; 0: none, or there is room again

    /// <inheritdoc/>
    public string? WhyFull()
    {
        var unwritten = Interlocked.Read(ref _unwritten);
        if (unwritten == 0)
        {
            return null;
        }

        if (Room() < unwritten)
        {
            return FullDisk;
        }

        Interlocked.CompareExchange(ref _unwritten, 0, unwritten);
        return null;
    }

    /// <inheritdoc/>
    public async Task<string?> WhyFullAfterFailureAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var why = WhyFull();
            if (why is not null || waited.Elapsed > s_wordsPatience || Room() > AmpleRoom)
            {
                return why;
            }

            await Task.Delay(5);
        }
    }

    private string FullDisk => $"the disk of {Path.GetFullPath(_options.DataDir)} is full";

    private string Explained(string line) => DiskWords.UnwrittenBytes(line) is not null && WhyFull() is { } why ? $"{line} ({why})" : line;

    // A file system that does not tell its room has some.
    private long Room()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(_options.DataDir)).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }
}
